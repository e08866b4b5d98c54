// What really happened at the providers, as their stand-ins wrote it down.
import { z } from 'zod'

const Intent = z.object({
  id: z.string(),
  amount: z.number(),
  status: z.string(),
  metadata: z.record(z.string(), z.string()),
})
const Movement = z.object({
  intent: z.string().nullable(),
  charge: z.string().nullable(),
  amount: z.number(),
})
const StripeLedger = z.object({
  intents: z.array(Intent),
  authorizations: z.array(Movement.extend({ open: z.boolean() })),
  captures: z.array(Movement),
  refunds: z.array(Movement.extend({ status: z.string() })),
})
const Mails = z.object({
  emails: z.array(
    z.object({ to: z.array(z.string()), subject: z.string(), idempotencyKey: z.string().nullable() }),
  ),
})
const Texts = z.object({ messages: z.array(z.object({ to: z.string(), body: z.string(), sid: z.string() })) })

const read = async <S extends z.ZodType>(
  sandboxUrl: string,
  provider: string,
  schema: S,
): Promise<z.output<S>> => {
  const response = await fetch(`${sandboxUrl}/sandbox/ledger/${provider}`)
  return schema.parse(await response.json())
}

export const stripeLedger = (sandboxUrl: string) => read(sandboxUrl, 'stripe', StripeLedger)
export const sentMails = async (sandboxUrl: string) => (await read(sandboxUrl, 'resend', Mails)).emails
export const sentTexts = async (sandboxUrl: string) => (await read(sandboxUrl, 'twilio', Texts)).messages

import { z } from 'zod'
import { ResendError } from './resend-error.ts'

const Addresses = z
  .union([z.string(), z.array(z.string()).max(50)])
  .nullish()
  .transform((value) => (value == null ? [] : typeof value === 'string' ? [value] : value))

const Attachment = z.looseObject({
  content: z.string().nullish(),
  filename: z.union([z.string(), z.literal(false)]).nullish(),
  content_type: z.string().nullish(),
  path: z.string().nullish(),
})

export const EmailBody = z.looseObject({
  from: z.string(),
  to: Addresses,
  subject: z.string(),
  bcc: Addresses,
  cc: Addresses,
  reply_to: Addresses,
  html: z.string().nullish(),
  text: z.string().nullish(),
  headers: z.record(z.string(), z.string()).nullish(),
  tags: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  attachments: z.array(Attachment).nullish(),
  scheduled_at: z.string().nullish(),
})
export type EmailBody = z.output<typeof EmailBody>

const address = /^(?:[^<>]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/

const invalid = (message: string): ResendError => new ResendError(422, 'validation_error', message)

// The checks and words of the service, in its order: what is missing first, then what is wrong.
export const parseEmail = (value: unknown): EmailBody => {
  const present: Record<string, unknown> = typeof value === 'object' && value !== null ? { ...value } : {}
  for (const field of ['to', 'from', 'subject'])
    if (present[field] == null || present[field] === '')
      throw new ResendError(422, 'missing_required_field', `Missing \`${field}\` field.`)
  const parsed = EmailBody.safeParse(value)
  if (!parsed.success) throw invalid(`Invalid \`${parsed.error.issues[0]?.path.join('.') ?? 'body'}\` field.`)
  const email = parsed.data
  if (!address.test(email.from.trim()))
    throw invalid(
      'Invalid `from` field. The email address needs to follow the `email@example.com` or `Name <email@example.com>` format.',
    )
  if (email.to.length === 0) throw new ResendError(422, 'missing_required_field', 'Missing `to` field.')
  for (const [field, list] of Object.entries({
    to: email.to,
    cc: email.cc,
    bcc: email.bcc,
    reply_to: email.reply_to,
  }))
    if (list.some((item) => !address.test(item.trim())))
      throw invalid(
        `Invalid \`${field}\` field. The email address needs to follow the \`email@example.com\` or \`Name <email@example.com>\` format.`,
      )
  if (email.html == null && email.text == null)
    throw new ResendError(422, 'missing_required_field', 'Missing `html` or `text` field.')
  return email
}

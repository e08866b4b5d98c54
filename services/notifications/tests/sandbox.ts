import { type SandboxProcess, startSandboxProcess } from '@comptoir/service-kit/testing/sandbox-process'
import { z } from 'zod'

const Mails = z.array(
  z.object({
    id: z.string(),
    to: z.array(z.string()),
    subject: z.string(),
    text: z.string(),
    html: z.string(),
  }),
)
const Texts = z.array(z.object({ sid: z.string(), to: z.string(), body: z.string() }))
const Page = z.object({ data: z.unknown() })
type Mail = z.output<typeof Mails>[number]
type Text = z.output<typeof Texts>[number]

export interface Sandbox extends SandboxProcess {
  mails(to: string): Promise<Mail[]>
  texts(to: string): Promise<Text[]>
}

/** The stand-ins of Resend and Twilio. */
export const startSandbox = async (): Promise<Sandbox> => {
  const sandbox = await startSandboxProcess()
  const sentTo = async (page: string, to: string): Promise<unknown> =>
    Page.parse(await sandbox.ask('GET', `${page}?to=${encodeURIComponent(to)}`)).data
  return {
    ...sandbox,
    mails: async (to) => Mails.parse(await sentTo('/mailbox', to)),
    texts: async (to) => Texts.parse(await sentTo('/phone', to)),
  }
}

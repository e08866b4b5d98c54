import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
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
export type Mail = z.output<typeof Mails>[number]
export type Text = z.output<typeof Texts>[number]

export interface Sandbox {
  readonly url: string
  mails(to: string): Promise<Mail[]>
  texts(to: string): Promise<Text[]>
  /** Has calls go wrong as the sandbox's README describes. */
  fault(rule: Record<string, unknown>): Promise<void>
  clearFaults(): Promise<void>
  stop(): Promise<void>
}

/** Starts the stand-ins of Resend and Twilio as a process of their own, on a free port and with an empty ledger. */
export const startSandbox = async (): Promise<Sandbox> => {
  const folder = mkdtempSync(join(tmpdir(), 'comptoir-sandbox-'))
  const main = fileURLToPath(new URL('../../../sandbox/src/main.ts', import.meta.url))
  const child = Bun.spawn([process.execPath, main], {
    env: { PATH: process.env['PATH'], SANDBOX_PORT: '0', SANDBOX_DATA: folder },
    stdout: 'pipe',
    stderr: 'inherit',
  })
  const url = await listeningUrl(child.stdout)
  const read = async (path: string): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, { headers: { accept: 'application/json' } })
    return z.object({ data: z.unknown() }).parse(await response.json()).data
  }
  return {
    url,
    mails: async (to) => Mails.parse(await read(`/mailbox?to=${encodeURIComponent(to)}`)),
    texts: async (to) => Texts.parse(await read(`/phone?to=${encodeURIComponent(to)}`)),
    fault: async (rule) => {
      const added = await fetch(`${url}/sandbox/faults`, { method: 'POST', body: JSON.stringify(rule) })
      if (!added.ok) throw new Error(`The sandbox does not take this rule: ${await added.text()}`)
    },
    clearFaults: async () => {
      await fetch(`${url}/sandbox/faults`, { method: 'DELETE' })
    },
    stop: async () => {
      child.kill()
      await child.exited
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const listeningUrl = async (output: ReadableStream<Uint8Array>): Promise<string> => {
  let text = ''
  const decoder = new TextDecoder()
  const reader = output.getReader()
  for (;;) {
    const { value, done } = await reader.read()
    if (done) throw new Error('The sandbox ended before it listened')
    text += decoder.decode(value, { stream: true })
    const url = /"url":"([^"]+)"/.exec(text)?.[1]
    if (url === undefined) continue
    // What it prints later is of no interest, and must not fill the pipe.
    reader.releaseLock()
    void output.pipeTo(new WritableStream())
    return url
  }
}

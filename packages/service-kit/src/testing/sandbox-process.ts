/** Runs the sandbox, which stands in for every third party, as a process of its own for a test. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface SandboxProcess {
  readonly url: string
  /** Asks the sandbox's own API and answers its JSON, undefined where it has none. Throws where it refuses. */
  ask(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<unknown>
  /** Has calls or webhooks go wrong as the sandbox's README describes. */
  fault(rule: Record<string, unknown>): Promise<void>
  clearFaults(): Promise<void>
  stop(): Promise<void>
}

/** Starts it on a free port and with empty ledgers; `settings` are those of the sandbox's README. */
export const startSandboxProcess = async (
  settings: Readonly<Record<string, string>> = {},
): Promise<SandboxProcess> => {
  const folder = mkdtempSync(join(tmpdir(), 'comptoir-sandbox-'))
  const main = fileURLToPath(new URL('../../../../sandbox/src/main.ts', import.meta.url))
  const child = Bun.spawn([process.execPath, main], {
    env: { PATH: process.env['PATH'], SANDBOX_PORT: '0', SANDBOX_DATA: folder, ...settings },
    stdout: 'pipe',
    stderr: 'inherit',
  })
  const url = await listeningUrl(child.stdout)
  const ask: SandboxProcess['ask'] = (method, path, body) =>
    answerOf(
      fetch(`${url}${path}`, {
        method,
        // Some of its pages are for people unless told.
        headers: { accept: 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    )
  return {
    url,
    ask,
    fault: async (rule) => {
      await ask('POST', '/sandbox/faults', rule)
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

/** The JSON of an answer of the sandbox, undefined where it is empty. Throws on anything but success. */
export const answerOf = async (request: Promise<Response>): Promise<unknown> => {
  const response = await request
  const text = await response.text()
  if (!response.ok) throw new Error(`The sandbox answered ${response.status}: ${text}`)
  return text === '' ? undefined : JSON.parse(text)
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

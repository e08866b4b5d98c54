import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const carrierSecret = 'whsec_c2FuZGJveC1jYXJyaWVyLXNlY3JldA=='

interface LedgerLabel {
  readonly reference: string
  readonly trackingNumber: string
  readonly service: string
}

/** The stand-in of the carrier, as a process of its own. */
export const startCarrier = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'comptoir-carrier-'))
  const program = new URL('../../../sandbox/src/main.ts', import.meta.url).pathname
  const child = Bun.spawn([process.execPath, decodeURIComponent(program)], {
    env: {
      PATH: process.env['PATH'] ?? '',
      SANDBOX_PORT: '0',
      SANDBOX_DATA: folder,
      CARRIER_API_KEY: 'ck_test',
      CARRIER_WEBHOOK_SECRET: carrierSecret,
    },
    stdout: 'pipe',
    stderr: 'ignore',
  })
  const url = await listeningAt(child.stdout)
  const send = async (method: string, path: string, body: unknown = {}): Promise<void> => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${url}/sandbox${path}`, { method, headers, body: JSON.stringify(body) })
    if (!response.ok)
      throw new Error(`The sandbox answered ${response.status} to ${path}: ${await response.text()}`)
  }
  return {
    base: `${url}/carrier`,
    /** How the next calls, or webhooks, go wrong. */
    fault: (rule: Record<string, unknown>) => send('POST', '/faults', rule),
    advance: (trackingNumber: string, to: string) =>
      send('POST', `/carrier/${trackingNumber}/advance`, { to }),
    webhooksTo: (gatewayUrl: string | null) => send('PUT', '/webhooks/target', { gatewayUrl }),
    reset: () => send('POST', '/reset'),
    labelsFor: async (reference: string): Promise<LedgerLabel[]> => {
      const response = await fetch(`${url}/sandbox/ledger/carrier`)
      const { labels } = (await response.json()) as { labels: LedgerLabel[] }
      return labels.filter((label) => label.reference === reference)
    },
    stop: async () => {
      child.kill()
      await child.exited
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const listeningAt = async (stdout: ReadableStream<Uint8Array>): Promise<string> => {
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of stdout) {
    text += decoder.decode(chunk, { stream: true })
    const url = /"url":"([^"]+)"/.exec(text)?.[1]
    if (url !== undefined) return url
  }
  throw new Error('The sandbox ended before it listened')
}

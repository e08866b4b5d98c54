// A process of its own in the place of every service: the same answer to every call, the keys of the tokens, and no revocation.
import { readTask } from './task.ts'

export interface HopService {
  readonly answer: unknown
  /** What the list of products answers. */
  readonly listing: unknown
  readonly keys: unknown
  readonly port: number
}

const { answer, listing, keys, port } = await readTask<HopService>()
const wrapped = (data: unknown) => JSON.stringify({ result: { data } })
const nothing = { revocations: [], until: new Date().toISOString() }
const [answered, listed, known, revoked] = [
  wrapped(answer),
  wrapped(listing),
  wrapped(keys),
  wrapped(nothing),
]
const headers = { 'content-type': 'application/json' }

const textFor = (url: string): string => {
  const [path = '', query = ''] = url.split('?', 2)
  if (path.includes('/identity.listKeys')) return known
  if (path.includes('/identity.listRevocations')) return revoked
  if (path.includes('/catalog.listProducts')) return listed
  if (!query.startsWith('batch=1')) return answered
  return `[${path
    .split(',')
    .map(() => answered)
    .join(',')}]`
}

Bun.serve({ hostname: '127.0.0.1', port, fetch: ({ url }) => new Response(textFor(url), { headers }) })
process.stdout.write('ready\n')
// Nobody may be left to stop it.
setTimeout(() => process.exit(0), 300_000)

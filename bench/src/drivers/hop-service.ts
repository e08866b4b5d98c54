// A process of its own in the place of every service: the same answer to every call, the keys of the tokens, and no revocation.
import { readTask } from './task.ts'

const { answer, keys, port } = await readTask<{ answer: unknown; keys: unknown; port: number }>()
const nothing = { revocations: [], until: new Date().toISOString() }
const [answered, known, revoked] = [answer, keys, nothing].map((data) => JSON.stringify({ result: { data } }))
const bodyOf = (url: string) => {
  if (url.includes('/identity.listKeys')) return known
  return url.includes('/identity.listRevocations') ? revoked : answered
}
const headers = { 'content-type': 'application/json' }
Bun.serve({
  hostname: '127.0.0.1',
  port,
  fetch: ({ url }) => new Response(bodyOf(url), { headers }),
})
process.stdout.write('ready\n')
// Nobody may be left to stop it.
setTimeout(() => process.exit(0), 300_000)

// A process of its own in the place of every service: the same answer to every call, and the keys of the tokens.
import { readTask } from './task.ts'

const { answer, keys, port } = await readTask<{ answer: unknown; keys: unknown; port: number }>()
const [answered, known] = [answer, keys].map((data) => JSON.stringify({ result: { data } }))
const headers = { 'content-type': 'application/json' }
Bun.serve({
  hostname: '127.0.0.1',
  port,
  fetch: ({ url }) => new Response(url.includes('/identity.listKeys') ? known : answered, { headers }),
})
process.stdout.write('ready\n')
// Nobody may be left to stop it.
setTimeout(() => process.exit(0), 300_000)

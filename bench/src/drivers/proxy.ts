// A process of its own: the least that can hand a request on with fetch, for the gateway to be compared with.
import { readTask } from './task.ts'

const { target, port } = await readTask<{ target: string; port: number }>()
Bun.serve({
  hostname: '127.0.0.1',
  port,
  fetch: ({ url, method, headers }) =>
    fetch(`${target}${url.slice(url.indexOf('/', 8))}`, { method, headers, decompress: false }),
})
process.stdout.write('ready\n')
// Nobody may be left to stop it.
setTimeout(() => process.exit(0), 300_000)

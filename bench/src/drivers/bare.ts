// A process of its own: the least that can answer JSON over HTTP on this machine.
import { readTask } from './task.ts'

const { answer, port } = await readTask<{ answer: unknown; port: number }>()
Bun.serve({ hostname: '127.0.0.1', port, fetch: () => Response.json(answer) })
process.stdout.write('ready\n')
// Nobody may be left to stop it.
setTimeout(() => process.exit(0), 120_000)

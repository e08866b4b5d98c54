// A process of its own in the place of a service: passes requests on to the real one, or is sick in the way it is told.
import type { Server } from 'bun'
import type { Sickness } from './sickness.ts'
import { readTask } from './task.ts'

const slowMs = 5_000

const { target, port, controlPort } = await readTask<{ target: string; port: number; controlPort: number }>()
let sickness: Sickness = 'none'
let asked = 0

const answer = async (request: Request): Promise<Response> => {
  asked += 1
  if (sickness === 'garbage') return new Response('<title>It works!</title>')
  if (sickness === 'slow') await Bun.sleep(slowMs)
  const { pathname, search } = new URL(request.url)
  return fetch(`${target}${pathname}${search}`, {
    method: request.method,
    headers: request.headers,
    body: request.body,
    decompress: false,
  })
}

const serve = (): Server<undefined> =>
  Bun.serve({ hostname: '127.0.0.1', port, idleTimeout: 30, fetch: answer })
let server: Server<undefined> | undefined = serve()

Bun.serve({
  hostname: '127.0.0.1',
  port: controlPort,
  fetch: async (request) => {
    if (request.method === 'POST') {
      sickness = (await request.text()) as Sickness
      if (sickness === 'killed') {
        await server?.stop(true)
        server = undefined
      } else server ??= serve()
    }
    return new Response(String(asked))
  },
})
process.stdout.write('ready\n')
// Nobody may be left to stop it.
setTimeout(() => process.exit(0), 300_000)

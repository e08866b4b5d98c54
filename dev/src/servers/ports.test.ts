import { expect, test } from 'bun:test'
import { claimPort, freePort, isPortFree } from './ports.ts'

test('gives a port that can be listened on, and that no outgoing connection is given', async () => {
  const port = await freePort()
  expect(port).toBeLessThan(32_768)
  expect(await isPortFree(port)).toBe(true)
  using server = Bun.serve({ hostname: '127.0.0.1', port, fetch: () => new Response() })
  expect(server.port).toBe(port)
})

test('names the taken port and the way out', async () => {
  using server = Bun.serve({ hostname: '0.0.0.0', port: 0, fetch: () => new Response() })
  const claim = claimPort(server.port, 'The gateway', 'Try PORT=8081.')
  expect(await claim.catch(String)).toContain(
    `The gateway: port ${server.port} is taken by another program. Try PORT=8081.`,
  )
})

import { expect, test } from 'bun:test'
import { createLogger } from '@comptoir/service-kit/logger'
import { Hono } from 'hono'
import type { EdgeEnv } from './edge-context.ts'
import { edgeHealth } from './health.ts'
import { listen } from './listen.ts'

test('every answer of an edge that drains is the last of its connection, and is otherwise as it was', async () => {
  let draining = false
  const main = new Hono<EdgeEnv>()
    .get('/text', (c) => c.text('hello', 201, { 'x-kept': 'yes' }))
    .get('/nothing', (c) => c.body(null, 204))
  const log = createLogger('gateway', 'silent')
  const edge = listen({ HOST: '127.0.0.1', PORT: 0 }, { main, log, draining: () => draining })
  try {
    const ask = (path: string) => fetch(`${edge.url}${path}`)
    expect((await ask('/text')).headers.get('connection')).not.toBe('close')
    draining = true
    const text = await ask('/text')
    expect([text.status, await text.text()]).toEqual([201, 'hello'])
    expect(text.headers.get('connection')).toBe('close')
    expect(text.headers.get('x-kept')).toBe('yes')
    const nothing = await ask('/nothing')
    expect([nothing.status, nothing.headers.get('connection')]).toEqual([204, 'close'])
  } finally {
    await edge.stop()
  }
})

test('an edge that begins to drain is unready at once, whatever it said a moment ago', async () => {
  let draining = false
  const health = edgeHealth({
    services: [],
    pick: () => undefined,
    draining: () => draining,
    connection: () => 'ok',
  })
  expect((await health()).status).toBe('ready')
  draining = true
  expect((await health()).status).toBe('unready')
})

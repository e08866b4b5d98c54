// Clients that are slow to send what they ask for take nobody's place, and are given up.
import { describe, expect, test } from 'bun:test'
import { connect, type Socket } from 'node:net'
import { services } from '@comptoir/contracts/app'
import type { OAuthCalls } from '../src/faces/oauth/oauth-calls.ts'
import type { AppOptions } from '../src/app.ts'
import { publicOperations } from '../src/operations.ts'
import { readTrustedProxies } from '../src/protection/client-address.ts'
import { defaultLimits, scaledLimits } from '../src/protection/limits.ts'
import { createProtection } from '../src/protection/protection.ts'
import { startEdge, untilSo } from '../src/testing/listening-edge.ts'

/** As many as may be under way when the edge starts, from as few addresses as may have so many open. */
const sockets = 128
const addresses = ['198.51.100.1', '198.51.100.2']

/** An edge, and how many requests have come to it. */
const serve = (more: Partial<AppOptions> = {}) => {
  let arrived = 0
  const protection = createProtection({
    operations: publicOperations(services),
    // Only how much there is at once is asked of these tests.
    limits: () => ({ ...scaledLimits(defaultLimits, { rate: 100, load: 1 }), inFlightPerAddress: 64 }),
    trustedProxies: readTrustedProxies('127.0.0.0/8') ?? 0,
  })
  const edge = startEdge(() => Response.json({ result: { data: {} } }), {
    oauth: {} as OAuthCalls,
    protection: {
      ...protection,
      askedOf: (c) => {
        arrived += 1
        return protection.askedOf(c)
      },
    },
    ...more,
  })
  return { edge, protection, arrived: () => arrived }
}

interface Dripped {
  readonly socket: Socket
  /** All that was answered, once the connection is closed. */
  readonly answer: Promise<string>
}

/** Sends a head and one byte of the body that it announces. */
const drip = (url: string, path: string, address = addresses[0] ?? ''): Dripped => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const { promise: answer, resolve } = Promise.withResolvers<string>()
  let text = ''
  socket.on('data', (data) => (text += data.toString()))
  socket.on('error', () => undefined)
  socket.on('close', () => resolve(text))
  const type = path.startsWith('/oauth/') ? 'application/x-www-form-urlencoded' : 'application/json'
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: shop.example\r\nContent-Type: ${type}\r\nX-Forwarded-For: ${address}\r\n` +
      'Content-Length: 1000\r\n\r\n{',
  )
  return { socket, answer }
}

describe.each([
  '/v1/auth/login',
  '/trpc/identity.login',
  '/trpc/identity.login,carts.addLine?batch=1',
  '/graphql',
  '/oauth/token',
  '/webhooks/stripe',
])('a body that comes byte by byte to %s', (path) => {
  test('keeps nobody else from being served', async () => {
    const { edge, protection, arrived } = serve()
    const dripped = Array.from({ length: sockets }, (_, n) => drip(edge.url, path, addresses[n % 2]))
    try {
      await untilSo(() => arrived() === sockets && protection.admission.inFlight() === 0)
      expect(protection.inFlight.clients()).toBe(addresses.length)
      const headers = { 'x-forwarded-for': '203.0.113.1' }
      expect((await fetch(`${edge.url}/v1/products`, { headers })).status).toBe(200)
    } finally {
      for (const { socket } of dripped) socket.destroy()
      await edge.stop()
    }
  })

  test('is given up with 408, and its connection with it', async () => {
    const { edge, protection } = serve({ requestTimeoutMs: 100 })
    try {
      const answer = await drip(edge.url, path).answer
      expect(answer).toStartWith('HTTP/1.1 408 ')
      expect(answer).toMatch(/REQUEST_TIMEOUT/)
      expect(protection.inFlight.clients()).toBe(0)
    } finally {
      await edge.stop()
    }
  })
})

test.each(['/v1/cart/lines', '/trpc/carts.addLine', '/trpc/carts.addLine,orders.placeOrder?batch=1'])(
  'who may not call %s is told so before the body is there',
  async (path) => {
    const { edge } = serve()
    const { socket } = drip(edge.url, path)
    try {
      const { promise: told, resolve } = Promise.withResolvers<string>()
      socket.on('data', (data) => resolve(data.toString()))
      expect(await told).toStartWith('HTTP/1.1 401 ')
    } finally {
      socket.destroy()
      await edge.stop()
    }
  },
)

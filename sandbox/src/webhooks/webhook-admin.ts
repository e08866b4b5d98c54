import { Hono } from 'hono'
import { z } from 'zod'
import type { Clock } from '../clock.ts'
import { readBody } from '../faults/read-body.ts'
import { attemptsOf, listDeliveries } from './delivery-table.ts'
import { redeliver } from './redeliver.ts'
import type { Webhooks } from './webhooks.ts'

const Target = z.strictObject({ gatewayUrl: z.url().nullable() })
const Redeliver = z.strictObject({
  provider: z.enum(['stripe', 'carrier']).optional(),
  eventId: z.string().optional(),
  since: z.number().optional(),
  times: z.int().min(1).max(100).default(1),
})

const listing = (webhooks: Webhooks, provider: string | undefined, state: string | undefined): unknown[] =>
  webhooks.channels
    .filter((channel) => provider === undefined || channel.name === provider)
    .flatMap((channel) =>
      listDeliveries(channel.ledger, state).map((row) => ({
        provider: channel.name,
        id: row.seq,
        eventId: row.event_id,
        type: row.type,
        state: row.state,
        nextAt: new Date(row.next_at).toISOString(),
        attempts: attemptsOf(channel.ledger, row.seq).map(({ at, status, error, duration_ms }) => ({
          at: new Date(at).toISOString(),
          status,
          error,
          durationMs: duration_ms,
        })),
      })),
    )

export const webhookAdmin = (webhooks: Webhooks, clock: Clock): Hono => {
  const app = new Hono()
  app.get('/', (c) => c.json({ data: listing(webhooks, c.req.query('provider'), c.req.query('state')) }))
  app.put('/target', async (c) => {
    const { gatewayUrl } = await readBody(c, Target)
    webhooks.aim(gatewayUrl ?? undefined)
    return c.json({ gatewayUrl })
  })
  app.post('/flush', async (c) => c.json(await webhooks.flush()))
  app.post('/redeliver', async (c) => {
    const { provider, ...wanted } = await readBody(c, Redeliver)
    const channels = webhooks.channels.filter(({ name }) => provider === undefined || name === provider)
    const redelivered = redeliver(channels, wanted, clock)
    webhooks.wake()
    return c.json({ redelivered })
  })
  return app
}

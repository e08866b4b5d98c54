import type { Stripe } from 'stripe'
import type { Answer } from '../perform.ts'
import { ok, type Call } from './call.ts'
import type { Desk } from './desk.ts'
import { equals, listObjects, type Clause } from './list-objects.ts'
import { optionalBoolean, texts } from './params.ts'
import { find } from './store.ts'
import { notFound } from './stripe-error.ts'

const keptSeconds = 30 * 24 * 3600

const undelivered = `exists (select 1 from deliveries where event_id = objects.id and state <> 'delivered')`

const pendingOf = (desk: Desk, eventId: string): number =>
  desk.ledger
    .query<{ count: number }, [string]>(
      "select count(*) as count from deliveries where event_id = ? and state in ('pending', 'held')",
    )
    .get(eventId)?.count ?? 0

const fresh = (desk: Desk, event: Stripe.Event): Stripe.Event => ({
  ...event,
  pending_webhooks: Math.min(pendingOf(desk, event.id), 1),
})

const isList = (body: unknown): body is { data: Stripe.Event[] } =>
  typeof body === 'object' && body !== null && 'data' in body && Array.isArray(body.data)

export const listEvents = (call: Call): Answer => {
  const { desk, form } = call
  const types = texts(form, 'types')
  const delivered = optionalBoolean(form, 'delivery_success')
  const filters: Clause[] = [
    { sql: 'created > ?', values: [desk.now() - keptSeconds] },
    ...equals(form, 'type', 'type'),
    ...(types.length === 0 ? [] : [{ sql: `type in (${types.map(() => '?').join(', ')})`, values: types }]),
    ...(delivered === undefined ? [] : [{ sql: delivered ? `not ${undelivered}` : undelivered, values: [] }]),
  ]
  const answer = listObjects(call, 'event', filters)
  if (!isList(answer.body)) return answer
  return ok({ ...answer.body, data: answer.body.data.map((event) => fresh(desk, event)) })
}

export const retrieveEvent = ({ desk, id }: Call): Answer => {
  const event = find(desk.ledger, 'event', id)
  if (event === undefined || event.created <= desk.now() - keptSeconds) throw notFound('event', id)
  return ok(fresh(desk, event))
}

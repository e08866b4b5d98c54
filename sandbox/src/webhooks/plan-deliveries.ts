import type { WebhookRule } from '../faults/rule.ts'
import type { Channel, WebhookEvent } from './channel.ts'
import { addBody, addDelivery } from './delivery-table.ts'

type Planned = { seqs: number[]; beforeAnswer: boolean; shuffle: WebhookRule['shuffle'] }

// Turns an event into delivery rows as the rules want them. Runs inside the effect's transaction.
export const planDeliveries = (
  channel: Channel,
  event: WebhookEvent,
  { rules, now }: { rules: WebhookRule[]; now: number },
): Planned => {
  addBody(channel.ledger, event)
  const drop = rules.some((rule) => rule.drop)
  const shuffle = rules.find((rule) => rule.shuffle !== undefined)?.shuffle
  const copies = Math.max(1, ...rules.map((rule) => rule.duplicate))
  const delayMs = Math.max(0, ...rules.map((rule) => rule.delayMs))
  const state = drop ? 'dropped' : shuffle === undefined ? 'pending' : 'held'
  const next_at = now + (shuffle === undefined ? delayMs : shuffle.holdMs)
  const seqs = Array.from({ length: copies }, () =>
    addDelivery(channel.ledger, { event_id: event.id, type: event.type, state, next_at, created_at: now }),
  )
  return { seqs, beforeAnswer: state === 'pending' && rules.some((rule) => rule.beforeAnswer), shuffle }
}

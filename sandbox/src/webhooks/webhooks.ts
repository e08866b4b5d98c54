import type { Clock } from '../clock.ts'
import type { RuleBook } from '../faults/rule-book.ts'
import type { Channel, ChannelName, WebhookEvent } from './channel.ts'
import { deliveryBySeq } from './delivery-table.ts'
import { planDeliveries } from './plan-deliveries.ts'
import { deliveryKey, idleIn, releaseHeld, startSending, wake, type Pump } from './pump.ts'

export type Webhooks = {
  channels: readonly Channel[]
  target: () => string | undefined
  aim: (target: string | undefined) => void
  enqueue: (channel: ChannelName, event: WebhookEvent) => void
  afterCommit: () => Promise<void>
  wake: () => void
  flush: () => Promise<{ tried: number; arrived: number }>
  stop: () => Promise<void>
}

type Options = { channels: Channel[]; rules: RuleBook; clock: Clock; target: string | undefined }
type Urgent = { channel: Channel; seq: number }[]

const sendFirst = async (pump: Pump, urgent: Urgent): Promise<void> => {
  const sendings = urgent.splice(0).map(({ channel, seq }) => {
    const row = deliveryBySeq(channel.ledger, seq)
    if (row === null || row.state !== 'pending') return Promise.resolve(false)
    return pump.inFlight.get(deliveryKey(channel, row)) ?? startSending(pump, { channel, row })
  })
  await Promise.all(sendings)
}

const flush = async (pump: Pump): Promise<{ tried: number; arrived: number }> => {
  const running = [...pump.inFlight.values()]
  const started = pump.channels.flatMap((channel) => [
    ...releaseHeld(pump, channel),
    ...idleIn(pump, channel, { state: 'pending' }).map((row) => startSending(pump, { channel, row })),
  ])
  const ended = await Promise.all([...running, ...started])
  return { tried: ended.length, arrived: ended.filter(Boolean).length }
}

const createPump = ({ channels, clock, target }: Options): Pump => ({
  channels,
  clock,
  target,
  inFlight: new Map(),
  stopping: new AbortController(),
  timer: undefined,
  shuffle: { seed: 1, hold: Number.MAX_SAFE_INTEGER, holdMs: 0 },
  releases: 0,
})

export const createWebhooks = (options: Options): Webhooks => {
  const pump = createPump(options)
  const urgent: Urgent = []
  return {
    channels: pump.channels,
    target: () => pump.target,
    aim: (target) => {
      pump.target = target
      wake(pump)
    },
    // Runs inside the effect's transaction; with nobody to tell, nothing is kept.
    enqueue: (name, event) => {
      const channel = pump.channels.find((candidate) => candidate.name === name)
      if (channel === undefined || pump.target === undefined || !channel.wants(event.type)) return
      const rules = options.rules.drawForWebhook(name, event.type)
      const planned = planDeliveries(channel, event, { rules, now: pump.clock.now() })
      if (planned.shuffle !== undefined) pump.shuffle = planned.shuffle
      if (planned.beforeAnswer) urgent.push(...planned.seqs.map((seq) => ({ channel, seq })))
    },
    afterCommit: async () => {
      const first = sendFirst(pump, urgent)
      wake(pump)
      await first
    },
    wake: () => wake(pump),
    flush: () => flush(pump),
    stop: async () => {
      pump.stopping.abort()
      clearTimeout(pump.timer)
      await Promise.allSettled(pump.inFlight.values())
    },
  }
}

import type { Clock } from '../clock.ts'
import type { Shuffle } from '../faults/rule.ts'
import { seededRandom, shuffled } from '../seeded-random.ts'
import type { Channel } from './channel.ts'
import { deliveriesIn, nextDueAt, type DeliveryRow, type DeliveryState } from './delivery-table.ts'
import { send } from './send.ts'

export type Pump = {
  readonly channels: readonly Channel[]
  readonly clock: Clock
  readonly inFlight: Map<string, Promise<boolean>>
  readonly stopping: AbortController
  target: string | undefined
  timer: ReturnType<typeof setTimeout> | undefined
  shuffle: Shuffle
  releases: number
}

const atOnceMax = 16
const sleepMaxMs = 60_000

export const deliveryKey = (channel: Channel, row: DeliveryRow): string => `${channel.name}:${row.seq}`

type Wanted = { state: DeliveryState; until?: number }

export const idleIn = (pump: Pump, channel: Channel, { state, until }: Wanted): DeliveryRow[] =>
  deliveriesIn(channel.ledger, state, until ?? Number.MAX_SAFE_INTEGER).filter(
    (row) => !pump.inFlight.has(deliveryKey(channel, row)),
  )

// `turn` lets a shuffled batch keep its order: each waits for the one before.
export const startSending = (
  pump: Pump,
  job: { channel: Channel; row: DeliveryRow },
  turn: Promise<unknown> = Promise.resolve(),
): Promise<boolean> => {
  const { target } = pump
  if (target === undefined) return Promise.resolve(false)
  const key = deliveryKey(job.channel, job.row)
  const sending = turn
    .then(() =>
      send({ channel: job.channel, target, clock: pump.clock, stop: pump.stopping.signal }, job.row),
    )
    .finally(() => {
      pump.inFlight.delete(key)
      wake(pump)
    })
  pump.inFlight.set(key, sending)
  return sending
}

export const releaseHeld = (pump: Pump, channel: Channel): Promise<boolean>[] => {
  const held = idleIn(pump, channel, { state: 'held' })
  if (held.length === 0) return []
  let turn: Promise<unknown> = Promise.resolve()
  const random = seededRandom(pump.shuffle.seed + pump.releases)
  pump.releases += 1
  return shuffled(held, random).map((row) => {
    const sending = startSending(pump, { channel, row }, turn)
    turn = sending
    return sending
  })
}

const pumpChannel = (pump: Pump, channel: Channel): void => {
  const now = pump.clock.now()
  const held = idleIn(pump, channel, { state: 'held' })
  if (held.length >= pump.shuffle.hold || held.some((row) => row.next_at <= now))
    void Promise.all(releaseHeld(pump, channel))
  for (const row of idleIn(pump, channel, { state: 'pending', until: now })) {
    if (pump.inFlight.size >= atOnceMax) return
    void startSending(pump, { channel, row })
  }
}

const runPump = (pump: Pump): void => {
  if (pump.target === undefined || pump.stopping.signal.aborted) return
  for (const channel of pump.channels) pumpChannel(pump, channel)
  const due = pump.channels.map(({ ledger }) => nextDueAt(ledger)).filter((at) => at !== null)
  if (due.length === 0) return
  // What is on its way is due as well; waiting a little keeps this from spinning until it has arrived.
  const waitMs = Math.max(Math.min(...due) - pump.clock.now(), pump.inFlight.size > 0 ? 100 : 1)
  clearTimeout(pump.timer)
  pump.timer = setTimeout(() => runPump(pump), Math.min(waitMs, sleepMaxMs))
}

export const wake = (pump: Pump): void => {
  clearTimeout(pump.timer)
  if (!pump.stopping.signal.aborted) pump.timer = setTimeout(() => runPump(pump), 0)
}

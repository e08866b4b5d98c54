// A process of its own: requests of several kinds, each noted under what came of it.
import { spreadOf } from '../measure/percentiles.ts'
import { createConnection, type Connection } from './connection.ts'
import type { Kind, Offered, Offering } from './offering.ts'
import { bytesOf } from './request-bytes.ts'
import { readTask, tell } from './task.ts'

const connectionsMax = 2_000
const tickMs = 1

interface Notes {
  sent: number
  good: number[]
  refused: number[]
  failed: number
}

const offering = await readTask<Offering>()
const beginAt = performance.now() + offering.warmUpSeconds * 1_000
const endAt = beginAt + offering.seconds * 1_000

const prepare = ({ name, requests }: Kind) => ({
  notes: { sent: 0, good: [], refused: [], failed: 0 } as Notes,
  name,
  requests: requests.map((request) => ({ bytes: bytesOf(request), reads: false })),
  next: 0,
})
const kinds = offering.kinds.map(prepare)
const turns = offering.kinds.flatMap(({ weight }, index) => Array<number>(weight).fill(index))

let turn = 0
const nextKind = () => {
  // Spread out, so that the rare kind does not come in bursts.
  turn = (turn + 1) % turns.length
  return kinds[turns[turn] ?? 0]
}

const send = async (connection: Connection, dueAt: number): Promise<void> => {
  const kind = nextKind()
  const request = kind?.requests[kind.next++ % kind.requests.length]
  if (kind === undefined || request === undefined) return
  const status = await connection.send(request).then(
    (answer) => answer.status,
    () => 0,
  )
  if (dueAt < beginAt || dueAt > endAt) return
  const tookMs = performance.now() - dueAt
  const { notes } = kind
  notes.sent += 1
  if (status === 503) notes.refused.push(tookMs)
  else if (status >= 200 && status <= 299 && tookMs <= offering.usefulMs) notes.good.push(tookMs)
  else notes.failed += 1
}

const inTurn = async (connections: number): Promise<void> => {
  const sendOn = async (): Promise<void> => {
    const connection = createConnection(offering.url)
    for (let now = performance.now(); now < endAt; now = performance.now()) await send(connection, now)
    connection.close()
  }
  await Promise.all(Array.from({ length: connections }, sendOn))
}

const atRate = async (perSecond: number): Promise<void> => {
  const idle: Connection[] = []
  const open = new Set<Promise<void>>()
  const startedAt = performance.now()
  const sendDue = (nth: number): void => {
    if (open.size >= connectionsMax) throw new Error('Nobody answers any more')
    const dueAt = startedAt + (nth * 1_000) / perSecond
    const connection = idle.pop() ?? createConnection(offering.url)
    const sending = send(connection, dueAt).finally(() => {
      open.delete(sending)
      idle.push(connection)
    })
    open.add(sending)
  }
  for (let due = 0, now = startedAt; now < endAt; now = performance.now()) {
    const until = Math.floor(((now - startedAt) * perSecond) / 1_000)
    for (; due <= until; due += 1) sendDue(due)
    await Bun.sleep(tickMs)
  }
  await Promise.all(open)
}

const { load } = offering
await ('connections' in load ? inTurn(load.connections) : atRate(load.perSecond))
const result = Object.fromEntries(
  kinds.map(({ name, notes: { sent, good, refused, failed } }): [string, Offered] => [
    name,
    {
      sent,
      good: good.length,
      refused: refused.length,
      failed,
      latency: spreadOf(good),
      refusals: spreadOf(refused),
    },
  ]),
)
tell(result)

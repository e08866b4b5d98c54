import type { Sql } from 'postgres'
import type { BenchStack } from '../bench-stack.ts'
import { drive } from '../drive.ts'
import type { Shopped, Shopping } from '../drivers/shopping.ts'
import { awaitCalm, awaitConfirmed, countOrders } from '../measure/orders.ts'
import { cpuOf, memoryOf } from '../measure/processes.ts'
import type { Memory } from './memory.ts'

export interface Shoppers {
  readonly shoppers: number
  readonly seconds: number
  readonly shopped: Shopped
  readonly placedPerSecond: number
  /** Orders confirmed by the end of the load, per second of it, warm-up included. */
  readonly confirmedPerSecond: number
  /** Until the last paid order was confirmed. */
  readonly tailMs: number
  /** Paid orders that never were, within the time allowed. */
  readonly unconfirmed: number
  readonly memory: Memory
  /** Processor milliseconds for each order placed, tail included. */
  readonly cpuPerOrder: ReadonlyMap<string, number>
}

const warmUpSeconds = 5
const tailMaxMs = 20_000
/** A shop that has just been started is still compiling itself, and a real one was started days ago. */
const firstWarmUp = { shoppers: 16, seconds: 40 }

/** Shops for a while without measuring. */
export const warmUp = async (stack: BenchStack): Promise<void> => {
  await drive<Shopped>('shoppers', { ...taskFor(stack, firstWarmUp), seed: 0 }, firstWarmUp.seconds + 25)
}

const taskFor = (
  { gatewayUrl, sandboxUrl, goods }: BenchStack,
  { shoppers, seconds }: Pick<Shopping, 'shoppers' | 'seconds'>,
): Shopping => ({ gatewayUrl, sandboxUrl, shoppers, seconds, warmUpSeconds, seed: shoppers, ...goods })

export const measureShoppers = async (
  stack: BenchStack,
  orders: Sql,
  { shoppers, seconds }: Pick<Shopping, 'shoppers' | 'seconds'>,
): Promise<Shoppers> => {
  const task = taskFor(stack, { shoppers, seconds })
  await awaitCalm(orders)
  const before = await countOrders(orders)
  const cpuBefore = cpuOf(stack)
  const shopped = await drive<Shopped>('shoppers', task, seconds + warmUpSeconds + 25)
  const atEnd = await countOrders(orders)
  const tail = await awaitConfirmed(orders, before.confirmed + shopped.paid, tailMaxMs)
  const placed = atEnd.placed - before.placed
  const cpuPerOrder = [...cpuOf(stack)].map(([name, cpu]) => {
    const spent = cpu - (cpuBefore.get(name) ?? 0)
    return [name, (spent * 1_000) / placed] as const
  })
  return {
    shoppers,
    seconds,
    shopped,
    placedPerSecond: shopped.placed / seconds,
    confirmedPerSecond: (atEnd.confirmed - before.confirmed) / (seconds + warmUpSeconds),
    tailMs: tail.waitedMs,
    unconfirmed: before.confirmed + shopped.paid - tail.confirmed,
    memory: memoryOf(stack),
    cpuPerOrder: new Map([...cpuPerOrder, ['driver', (shopped.driverCpuSeconds * 1_000) / placed]]),
  }
}

/**
 * Who gets in where not everybody can be served. Nothing has been read or asked of anybody by then, so that a refusal
 * costs next to nothing. What matters less finds the house full earlier, and there is always room for a checkout.
 */
import type { Priority } from '@comptoir/contracts/contract'
import { nextLimit, type ConcurrencyLimit } from './concurrency-limit.ts'
import { priorities } from './asked.ts'
import type { Limits } from './limits.ts'

export interface Admission {
  /**
   * Lets a request in: call what it returns with the milliseconds that a good answer took, or with nothing, once it is
   * over. Undefined where there is no room; a promise where some may come within 50 ms.
   */
  enter(priority: Priority): Leave | undefined | Promise<Leave | undefined>
  inFlight(): number
  limit(): number
}

export type Leave = (tookMs?: number) => void

export interface AdmissionOptions {
  readonly limits: () => Limits
  readonly now?: () => number
  /** Calls back after milliseconds; returns how to call it off. */
  readonly later?: (callback: () => void, ms: number) => () => void
}

/** The share of the limit up to which each may enter. */
const shares: Readonly<Record<Priority, number>> = { checkout: 1, account: 0.9, browse: 0.75, crawl: 0.4 }
const waitMaxMs = 50
/** After somebody has waited in vain it is no burst but overload, and for so long what can come back later is not kept waiting. */
const overloadMs = 250
const stepMs = 200
const samplesMin = 20
const samplesMax = 256
const startLimit = 128

interface Waiting {
  readonly enter: (leave: Leave | undefined) => void
  readonly callOff: () => void
}

export const createAdmission = (options: AdmissionOptions): Admission => {
  const { limits, now = () => performance.now(), later = timeout } = options
  const meter = createMeter(limits, now)
  const waiting: Record<Priority, Waiting[]> = { checkout: [], account: [], browse: [], crawl: [] }
  let inFlight = 0
  let vainAt = Number.NEGATIVE_INFINITY
  const hasRoom = (priority: Priority): boolean => inFlight < Math.max(1, meter.limit() * shares[priority])
  const begin = (): Leave => {
    inFlight += 1
    meter.sawInFlight(inFlight)
    let isOpen = true
    return (tookMs) => {
      if (!isOpen) return
      isOpen = false
      inFlight -= 1
      if (tookMs !== undefined) meter.sawAnswer(tookMs)
      letIn()
    }
  }
  const letIn = (): void => {
    for (const priority of priorities) {
      // The latest first: who has waited longest is the nearest to giving up anyway.
      while (waiting[priority].length > 0 && hasRoom(priority)) {
        const next = waiting[priority].pop()
        next?.callOff()
        next?.enter(begin())
      }
    }
  }
  const wait = (priority: Priority): Promise<Leave | undefined> => {
    const { promise, resolve } = Promise.withResolvers<Leave | undefined>()
    const queue = waiting[priority]
    const giveUp = (): void => {
      vainAt = now()
      queue.splice(queue.indexOf(own), 1)
      resolve(undefined)
    }
    const own: Waiting = { enter: resolve, callOff: later(giveUp, waitMaxMs) }
    queue.push(own)
    if (queue.length > meter.limit()) {
      const eldest = queue.shift()
      eldest?.callOff()
      eldest?.enter(undefined)
    }
    return promise
  }
  return {
    enter: (priority) => {
      if (hasRoom(priority)) return begin()
      const canComeBack = priority === 'browse' || priority === 'crawl'
      return canComeBack && now() - vainAt < overloadMs ? undefined : wait(priority)
    },
    inFlight: () => inFlight,
    limit: () => Math.floor(meter.limit()),
  }
}

const timeout = (callback: () => void, ms: number): (() => void) => {
  const timer = setTimeout(callback, ms)
  return () => clearTimeout(timer)
}

/** Holds the limit, and moves it every now and then by what was seen meanwhile. */
const createMeter = (limits: () => Limits, now: () => number) => {
  const samples = new Float64Array(samplesMax)
  let state: ConcurrencyLimit = { limit: startLimit, usualMs: 0 }
  let seen = 0
  let inFlightMax = 0
  let steppedAt = now()
  const step = (): void => {
    const sorted = samples.slice(0, Math.min(seen, samplesMax)).sort()
    const medianMs = sorted[sorted.length >> 1] ?? 0
    state = nextLimit(state, { medianMs, inFlightMax }, limits().concurrency)
    seen = 0
    inFlightMax = 0
    steppedAt = now()
  }
  return {
    limit: () => {
      const { min, max } = limits().concurrency
      return Math.min(max, Math.max(min, state.limit))
    },
    sawInFlight: (count: number): void => {
      if (count > inFlightMax) inFlightMax = count
    },
    sawAnswer: (tookMs: number): void => {
      samples[seen % samplesMax] = tookMs
      seen += 1
      if (seen >= samplesMin && now() - steppedAt >= stepMs) step()
    },
  }
}

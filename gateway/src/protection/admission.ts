/**
 * Who gets in where not everybody can be served. Nothing has been read or asked of anybody by then, so that a refusal
 * costs next to nothing. What matters less finds the house full earlier, and there is always room for a checkout. Nor can
 * those who wait for one service fill the house: whoever wants another one finds room.
 */
import type { Priority } from '@comptoir/contracts/contract'
import { nextLimit, type ConcurrencyLimit } from './concurrency-limit.ts'
import { priorities } from './asked.ts'
import type { Limits } from './limits.ts'
import { createRoom } from './room.ts'

export interface Admission {
  /**
   * Lets a request in: call what it returns with the milliseconds that a good answer took, or with nothing, once it is
   * over. Undefined where there is no room; a promise where some may come within 50 ms.
   */
  enter(priority: Priority, service?: string): Leave | undefined | Promise<Leave | undefined>
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

const waitMaxMs = 50
/**
 * After somebody has waited in vain it is no burst but overload, and what can come back later is not kept waiting until
 * nobody has been turned away for so long.
 */
const overloadMs = 250
const stepMs = 200
const samplesMin = 20
const samplesMax = 256
const startLimit = 128

interface Waiting {
  readonly service: string | undefined
  readonly enter: (leave: Leave | undefined) => void
  readonly callOff: () => void
}

export const createAdmission = (options: AdmissionOptions): Admission => {
  const { limits, now = () => performance.now(), later = timeout } = options
  const meter = createMeter(limits, now)
  const waiting: Record<Priority, Waiting[]> = { checkout: [], account: [], browse: [], crawl: [] }
  const room = createRoom(meter.limit)
  let turnedAwayAt = Number.NEGATIVE_INFINITY
  const begin = (priority: Priority, service: string | undefined): Leave | undefined => {
    if (!room.enter(priority, service)) return undefined
    meter.sawInFlight(room.inside())
    let isOpen = true
    return (tookMs) => {
      if (!isOpen) return
      isOpen = false
      room.leave(service)
      if (tookMs !== undefined) meter.sawAnswer(tookMs)
      letIn()
    }
  }
  const letIn = (): void => {
    for (const priority of priorities) {
      const queue = waiting[priority]
      // The latest first: who has waited longest is the nearest to giving up anyway.
      for (let at = queue.length - 1; at >= 0 && !room.isFull(priority); at -= 1) {
        const leave = begin(priority, queue[at]?.service)
        if (leave === undefined) continue
        const [next] = queue.splice(at, 1)
        next?.callOff()
        next?.enter(leave)
      }
    }
  }
  const wait = (priority: Priority, service?: string): Promise<Leave | undefined> => {
    const { promise, resolve } = Promise.withResolvers<Leave | undefined>()
    const queue = waiting[priority]
    const giveUp = (): void => {
      turnedAwayAt = now()
      queue.splice(queue.indexOf(own), 1)
      resolve(undefined)
    }
    const own: Waiting = { service, enter: resolve, callOff: later(giveUp, waitMaxMs) }
    queue.push(own)
    if (queue.length > meter.limit()) {
      const eldest = queue.shift()
      eldest?.callOff()
      eldest?.enter(undefined)
    }
    return promise
  }
  return {
    enter: (priority, service) => {
      const leave = begin(priority, service)
      if (leave !== undefined) return leave
      const canComeBack = priority === 'browse' || priority === 'crawl'
      if (!canComeBack || now() - turnedAwayAt >= overloadMs) return wait(priority, service)
      turnedAwayAt = now()
      return undefined
    },
    inFlight: room.inside,
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

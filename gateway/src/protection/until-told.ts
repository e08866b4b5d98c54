/** Until when an answer is being told that has begun before the work for it is done: the lines of a batch. */
import type { Context } from 'hono'
import type { EdgeEnv } from '../edge-context.ts'
import { whenEnded } from './in-flight.ts'

export interface Telling {
  /** The same answer; it is this one that has to be told. */
  readonly response: Response
  /** Comes true with its last line, or where its reader has left; at the deadline in any case. */
  readonly told: Promise<void>
}

/** Watches an answer. It is over at `deadlineAt`, as of `performance.now()`, however slowly it is read. */
export const untilTold = (response: Response, deadlineAt: number): Telling => {
  const { promise: told, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, Math.max(0, deadlineAt - performance.now()))
  void told.then(() => clearTimeout(timer))
  if (response.body !== null)
    return { told, response: new Response(whenEnded(response.body, resolve), response) }
  resolve()
  return { told, response }
}

/** Calls back when the answer of a request is over: at once, unless it is told line by line. */
export const whenTold = (c: Context<EdgeEnv>, onEnd: () => void): void => {
  const told = c.get('told')
  if (told === undefined) onEnd()
  else void told.then(onEnd)
}

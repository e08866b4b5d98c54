/** Answers whose body goes on after their head: event streams, and batches that are told line by line. */
import type { Context } from 'hono'
import type { EdgeEnv } from '../edge-context.ts'
import { asksForStream } from '../faces/trpc/asks-for-stream.ts'
import { whenEnded } from '../protection/in-flight.ts'

/** Lives for as long as its listener likes. */
export const isEventStream = ({ res }: Context<EdgeEnv>): boolean =>
  res.headers.get('content-type')?.startsWith('text/event-stream') === true

/** Its calls are under way until its last line. */
export const isByLines = ({ req }: Context<EdgeEnv>): boolean =>
  asksForStream(req.raw.headers) && req.path.startsWith('/trpc/')

/** Calls back once the body has ended or its reader has left; at once where there is none. */
export const atEnd = (c: Context<EdgeEnv>, work: () => void): void => {
  const { body } = c.res
  if (body === null) return work()
  c.res = new Response(whenEnded(body, once(work)), c.res)
}

const once = (work: () => void): (() => void) => {
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    work()
  }
}

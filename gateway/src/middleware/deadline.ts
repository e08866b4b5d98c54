/** Says by when the answer is due; services are told how much of it is left. */
import type { MiddlewareHandler } from 'hono'
import type { EdgeEnv } from '../edge-context.ts'

export const deadline = (timeoutMs: number): MiddlewareHandler<EdgeEnv> =>
  async function deadline(c, next) {
    c.set('deadlineAt', performance.now() + timeoutMs)
    await next()
  }

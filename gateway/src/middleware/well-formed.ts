/**
 * Refuses a request whose Host is no name or address: the address of a request is made of it, and with anything else in
 * it each reader would find another path there.
 */
import { commonError } from '@comptoir/contracts/errors'
import type { MiddlewareHandler } from 'hono'
import type { EdgeEnv } from '../edge-context.ts'

const origin = /^https?:\/\/([\w.~-]+|\[[\da-f:.]+\])(:\d{1,5})?\//i

export const wellFormed = (): MiddlewareHandler<EdgeEnv> =>
  async function wellFormed(c, next) {
    const { url } = c.req.raw
    if (!origin.test(url) || !URL.canParse(url)) {
      throw commonError('MALFORMED_REQUEST', { message: 'The header Host is not a host.' })
    }
    await next()
  }

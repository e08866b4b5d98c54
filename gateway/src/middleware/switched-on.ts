/** What is switched off is not there. */
import { commonError } from '@comptoir/contracts/errors'
import { createMiddleware } from 'hono/factory'

/** Answers NOT_FOUND for as long as `isOn` says so; without it, what follows is always there. */
export const switchedOn = (isOn: () => boolean = () => true) =>
  createMiddleware(async (_c, next) => {
    if (!isOn()) throw commonError('NOT_FOUND')
    await next()
  })

import { expect, test } from 'bun:test'
import { rateClasses, settings } from '@comptoir/contracts/settings'
import { createSettings } from '@comptoir/service-kit/settings'
import { liveLimits } from './live-limits.ts'

test('tells the limit of every class as it is set', () => {
  const few = { quota: 3, windowSeconds: 10 }
  const limits = liveLimits(createSettings(settings, { 'rateLimits.entry': few }))
  expect(Object.keys(limits())).toEqual([...rateClasses])
  expect(limits().entry).toEqual(few)
  expect(limits().write).toEqual(settings['rateLimits.write'].default)
})

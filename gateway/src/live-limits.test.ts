import { expect, test } from 'bun:test'
import { rateClasses, settings } from '@comptoir/contracts/settings'
import { createSettings } from '@comptoir/service-kit/settings'
import { liveLimits } from './live-limits.ts'

test('tells the limit of every class as it is set, as often as the gateway is to be more generous', () => {
  const few = { quota: 3, windowSeconds: 10 }
  const live = createSettings(settings, { 'rateLimits.entry': few })
  const { rates } = liveLimits(live, { rate: 2, load: 1 })()
  expect(Object.keys(rates)).toEqual([...rateClasses])
  expect(rates.entry).toEqual({ quota: 6, windowSeconds: 10 })
  expect(rates.write.quota).toBe(2 * settings['rateLimits.write'].default.quota)
})

test('tells a change from the next request on', () => {
  const heard = new Map<string, () => void>()
  let quota = 5
  const limits = liveLimits(
    {
      get: ((name: string) => ({
        quota: name === 'rateLimits.read' ? quota : 1,
        windowSeconds: 60,
      })) as never,
      onChange: (name, tell) => {
        heard.set(name, tell as () => void)
        return () => undefined
      },
    },
    { rate: 1, load: 1 },
  )
  expect(limits().rates.read.quota).toBe(5)
  quota = 7
  heard.get('rateLimits.read')?.()
  expect(limits().rates.read.quota).toBe(7)
})

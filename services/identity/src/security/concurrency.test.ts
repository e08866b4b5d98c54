import { expect, test } from 'bun:test'
import { limitConcurrency } from './concurrency.ts'

test('runs no more at once than allowed and finishes all', async () => {
  const limited = limitConcurrency({ running: 2, waiting: 10, whenFull: () => new Error('full') })
  let running = 0
  let most = 0
  const work = async () => {
    running += 1
    most = Math.max(most, running)
    await Promise.resolve()
    running -= 1
    return most
  }
  const results = await Promise.all(Array.from({ length: 8 }, () => limited(work)))
  expect(results).toHaveLength(8)
  expect(most).toBe(2)
})

test('refuses whoever finds the queue full, and serves on after a failure', async () => {
  const limited = limitConcurrency({ running: 1, waiting: 1, whenFull: () => new Error('full') })
  const gate = Promise.withResolvers<void>()
  const first = limited(() => gate.promise)
  const second = limited(() => Promise.reject(new Error('its own')))
  expect(await messageOf(limited(async () => {}))).toBe('full')
  gate.resolve()
  await first
  expect(await messageOf(second)).toBe('its own')
  expect(await limited(async () => 'again')).toBe('again')
})

const messageOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: unknown) => (error instanceof Error ? error.message : 'no error'),
  )

import { expect, test } from 'bun:test'
import { createSingleFlight } from './single-flight.ts'

test('runs work once for all who ask meanwhile, and again afterwards', async () => {
  const once = createSingleFlight()
  const gate = Promise.withResolvers<void>()
  let runs = 0
  const work = async () => {
    runs += 1
    await gate.promise
    return runs
  }
  const asked = [once('key', work), once('key', work), once('key', work)]
  gate.resolve()
  expect(await Promise.all(asked)).toEqual([1, 1, 1])
  expect(await once('key', work)).toBe(2)
})

test('does not keep a failure', async () => {
  const once = createSingleFlight()
  const failing = once('key', () => Promise.reject(new Error('no')))
  expect(failing).rejects.toThrow('no')
  await failing.catch(() => undefined)
  expect(await once('key', () => Promise.resolve(1))).toBe(1)
})

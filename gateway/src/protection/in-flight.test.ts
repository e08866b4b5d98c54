import { expect, test } from 'bun:test'
import { createInFlight, whenEnded } from './in-flight.ts'

test('each client has its own places, and what ends gives one back', () => {
  const inFlight = createInFlight(() => 2)
  expect([1, 2, 3].map(() => inFlight.enter('a'))).toEqual([true, true, false])
  expect(inFlight.enter('b')).toBe(true)
  inFlight.leave('a')
  expect([1, 2].map(() => inFlight.enter('a'))).toEqual([true, false])
  for (const client of ['a', 'a', 'b']) inFlight.leave(client)
  expect(inFlight.clients()).toBe(0)
})

test('a body tells once that it has ended, however it ends', async () => {
  const ends: string[] = []
  const bytes = new TextEncoder().encode('text')
  const body = (how: 'close' | 'error') =>
    new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(bytes)
        if (how === 'close') controller.close()
        else controller.error(new Error('broken'))
      },
    })
  const whole = whenEnded(body('close'), () => ends.push('whole'))
  expect(await new Response(whole).text()).toBe('text')
  const left = whenEnded(new ReadableStream(), () => ends.push('left'))
  await left.cancel()
  const broken = whenEnded(body('error'), () => ends.push('broken'))
  expect(await new Response(broken).text().catch(() => 'failed')).toBe('failed')
  expect(ends).toEqual(['whole', 'left', 'broken'])
})

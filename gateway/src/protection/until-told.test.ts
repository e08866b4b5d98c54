import { expect, test } from 'bun:test'
import { untilTold } from './until-told.ts'

test('an answer is the same, and is told with its last byte', async () => {
  const headers = { 'content-type': 'application/json', 'x-kept': 'yes' }
  const { response, told } = untilTold(
    new Response('lines', { status: 207, headers }),
    performance.now() + 60_000,
  )
  expect([response.status, response.headers.get('x-kept')]).toEqual([207, 'yes'])
  expect(await response.text()).toBe('lines')
  await told
})

test('an answer that nobody reads to its end is over at its deadline', async () => {
  const { told } = untilTold(new Response(new ReadableStream()), performance.now())
  await told
})

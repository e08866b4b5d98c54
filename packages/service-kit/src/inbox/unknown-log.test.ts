import { expect, test } from 'bun:test'
import { createUnknownLog } from './unknown-log.ts'

test('of many unknown events each subject has one line a minute, which says how many came', () => {
  const lines: unknown[] = []
  const quiet = () => undefined
  const error = (_: string, fields?: object) => void lines.push(fields)
  let now = 0
  const tell = createUnknownLog({ debug: quiet, info: quiet, warn: quiet, error }, () => now)
  for (let count = 0; count < 100; count += 1) tell('a', 'first')
  tell('b', 'other')
  now = 60_000
  tell('a', 'last')
  tell('a', 'later')
  expect(lines).toEqual([
    { subject: 'a', events: 1, eventId: 'first' },
    { subject: 'b', events: 1, eventId: 'other' },
    { subject: 'a', events: 100, eventId: 'last' },
  ])
})

import { expect, test } from 'bun:test'
import { linePrinter } from './log-lines.ts'

const printed = (line: string) => {
  let text = ''
  linePrinter(['orders', 'notifications'], false, (part) => (text += part))('orders', line)
  return text
}

test('prints a JSON log line as words behind its process', () => {
  const line = {
    level: 'warn',
    time: '2026-01-02T03:04:05.678Z',
    service: 'orders',
    msg: 'late',
    orderId: 'o1',
    tries: 2,
  }
  expect(printed(JSON.stringify(line))).toBe('orders        03:04:05.678 warn  late orderId=o1 tries=2\n')
})

test('keeps the lines of a stack trace', () => {
  expect(
    printed(
      JSON.stringify({ level: 'error', msg: 'failed', error: { code: 'X', stack: 'Error: no\n  at a.ts' } }),
    ),
  ).toBe('orders        error failed error={"code":"X"}\nError: no\n  at a.ts\n')
})

test('leaves any other line as it is', () => {
  for (const line of ['listening', '{not json', '']) expect(printed(line)).toBe(`orders        ${line}\n`)
})

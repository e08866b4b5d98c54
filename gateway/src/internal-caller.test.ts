import { expect, test } from 'bun:test'
import { isInternal } from './internal-caller.ts'

const asked = (headers: Record<string, string> = {}) => new Request('http://shop.example/readyz', { headers })

test.each([
  '127.0.0.1',
  '::1',
  '::ffff:127.0.0.1',
  '10.1.2.3',
  '172.31.0.1',
  '192.168.1.1',
  'fd00::7',
  'fe80::1',
])('%s is internal, unless a proxy has passed the request on', (address) => {
  expect(isInternal(asked(), address)).toBe(true)
  for (const name of ['Forwarded', 'X-Forwarded-For', 'X-Real-IP', 'Via'])
    expect(isInternal(asked({ [name]: '10.0.0.1' }), address)).toBe(false)
})

test.each([
  '203.0.113.7',
  '172.32.0.1',
  '11.0.0.1',
  '2001:db8::1',
  '::ffff:203.0.113.7',
  'nonsense',
  undefined,
])('%s is not', (address) => {
  expect(isInternal(asked(), address)).toBe(false)
})

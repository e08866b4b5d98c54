import { expect, test } from 'bun:test'
import { isSealed, sealing } from './sealing.ts'

const { seal, open } = sealing('a secret of the operator')

test('what is sealed opens again and shows nothing meanwhile', async () => {
  const sealed = await seal('{"d":"private"}', 'key-1')
  expect(isSealed(sealed)).toBe(true)
  expect(sealed).not.toContain('private')
  expect(await open(sealed, 'key-1')).toBe('{"d":"private"}')
})

test('no two sealings are alike', async () => {
  expect(await seal('same', 'key-1')).not.toBe(await seal('same', 'key-1'))
})

test.each([
  ['under another secret', async (sealed: string) => sealing('another secret').open(sealed, 'key-1')],
  ['under another label', async (sealed: string) => open(sealed, 'key-2')],
  ['after a change', async (sealed: string) => open(`${sealed.slice(0, -2)}AA`, 'key-1')],
])('does not open %s', async (_, attempt) => {
  const sealed = await seal('{"d":"private"}', 'key-1')
  const error = await attempt(sealed).catch((thrown: unknown) => thrown)
  expect(String(error)).toContain('KEY_ENCRYPTION_SECRET does not open')
})

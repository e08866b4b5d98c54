import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSettings, type SettingsBucket } from '@comptoir/nats/settings'
import { startStack, type Stack } from '../stack.ts'

let folder: string
let stack: Stack
let bucket: SettingsBucket

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'comptoir-settings-'))
  stack = await startStack({ dataDir: folder, only: [] })
  bucket = await openSettings(stack.natsUrl)
})
afterAll(async () => {
  await bucket.close()
  await stack.stop()
  rmSync(folder, { recursive: true, force: true })
})

const start = (words: string[], environment: Record<string, string> = {}) =>
  Bun.spawn([process.execPath, join(import.meta.dir, 'main.ts'), ...words], {
    env: { ...process.env, NATS_URL: '', COMPTOIR_DATA: folder, ...environment },
    stdout: 'pipe',
    stderr: 'pipe',
  })
const run = async (...words: string[]) => {
  const child = start(words)
  const [out, complaint] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  return { out, complaint, code: await child.exited }
}
const name = 'payment.timeoutMinutes'

test('lists every setting with its value, where it comes from and what it is', async () => {
  await run('set', 'shop.acceptsOrders', 'false')
  const { out, code } = await run('list')
  expect(code).toBe(0)
  expect(out).toMatch(/^payment\.timeoutMinutes +30 \(minutes\) +default +How long an order .*\.$/m)
  expect(out).toMatch(/^shop\.acceptsOrders +false +set, revision \d+ +Whether new orders .*\.$/m)
  expect((await run('unset', 'shop.acceptsOrders')).code).toBe(0)
  expect((await run('get', 'shop.acceptsOrders')).out).toBe('true\n')
})

test('sets a value, and reads it back', async () => {
  expect((await run('set', name, '45')).code).toBe(0)
  expect((await bucket.read(name)).json).toBe('45')
  expect((await run('get', name)).out).toBe('45\n')
})

test('refuses a bad value with its name and what was expected, and the old one stays', async () => {
  await run('set', name, '45')
  for (const bad of ['0', '"45"', 'soon', '1e99']) {
    const { code, complaint } = await run('set', name, bad)
    expect(code).toBe(1)
    expect(complaint).toMatch(/^payment\.timeoutMinutes was not set\. .*expected /)
    expect((await bucket.read(name)).json).toBe('45')
  }
})

test('sets nothing that somebody else has changed since', async () => {
  const { revision } = await bucket.read(name)
  expect((await run('set', name, '50', '--revision', String(revision))).code).toBe(0)
  const late = await run('set', name, '60', '--revision', String(revision))
  expect(late).toMatchObject({ code: 1, complaint: expect.stringContaining('Somebody else has changed it') })
  expect((await run('unset', name, '--revision', String(revision))).code).toBe(1)
  expect((await bucket.read(name)).json).toBe('50')
})

test('tells each change as it comes', async () => {
  const child = start(['watch'])
  try {
    let told = ''
    const reading = child.stdout.pipeTo(
      new WritableStream({ write: (chunk) => void (told += new TextDecoder().decode(chunk)) }),
    )
    // Nobody knows when it begins to watch, so there is a change now and then until it tells of one.
    for (let minutes = 1; minutes < 200 && !told.includes('\n'); minutes += 1) {
      const { revision } = await bucket.read(name)
      await bucket.write(name, String(minutes), revision)
      await Bun.sleep(50)
    }
    child.kill()
    await reading
    expect(told).toMatch(/^\S+Z {2}payment\.timeoutMinutes {2}\d+ {2}set, revision \d+$/m)
  } finally {
    child.kill()
    await child.exited
  }
})

test('says which names there are, how it is used, and where it looked for a stack', async () => {
  expect(await run('get', 'payment.timeout')).toMatchObject({
    code: 1,
    complaint: expect.stringContaining('payment.timeoutMinutes'),
  })
  expect((await run('set', name)).code).toBe(2)
  expect((await run()).code).toBe(2)
  const lost = start(['list'], { COMPTOIR_DATA: join(folder, 'nothing') })
  expect(await new Response(lost.stderr).text()).toContain(`No stack runs on ${join(folder, 'nothing')}`)
  expect(await lost.exited).toBe(1)
})

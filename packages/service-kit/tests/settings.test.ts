import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { setting } from '@comptoir/contracts/setting'
import { provision } from '@comptoir/nats/provision'
import { jetstreamManager } from '@nats-io/jetstream'
import { Kvm, type KV } from '@nats-io/kv'
import type { NatsConnection } from '@nats-io/transport-node'
import { z } from 'zod'
import type { Logger } from '../src/logger.ts'
import { connectNats } from '../src/nats.ts'
import { createSettings, type FollowedSettings } from '../src/settings.ts'
import { startTestNats, type TestNats } from '../src/testing/nats.ts'
import { silent } from './fixture/silent.ts'
import { until } from './fixture/stack.ts'

const declarations = {
  'bell.rings': setting({ schema: z.int().min(1).max(9), default: 3, description: 'How often it rings.' }),
  'bell.mute': setting({ schema: z.boolean(), default: false, description: 'Whether it is mute.' }),
}

let nats: TestNats
let nc: NatsConnection
let bucket: KV
const following: FollowedSettings[] = []

beforeAll(async () => {
  nats = await startTestNats()
  nc = await connectNats(nats.url, 'test')
  bucket = await new Kvm(nc).open('settings')
})
afterAll(async () => {
  await nc.close()
  await nats.stop()
})
beforeEach(async () => {
  for (const followed of following.splice(0)) followed.stop()
  for (const name of Object.keys(declarations)) await bucket.purge(name)
})

const follow = async (log: Logger = silent, defaults = {}) => {
  const settings = createSettings(declarations, defaults)
  const followed = settings.follow(nc, log)
  following.push(followed)
  await followed.primed
  return settings
}

test('holds the default until the bucket says otherwise, and again once it says nothing', async () => {
  const settings = await follow()
  expect(settings.get('bell.rings')).toBe(3)
  await bucket.put('bell.rings', '5')
  await until(() => settings.get('bell.rings') === 5)
  await bucket.delete('bell.rings')
  await until(() => settings.get('bell.rings') === 3)
})

test('follows an empty bucket, and has read a full one before it says that it follows', async () => {
  const jsm = await jetstreamManager(nc)
  await jsm.streams.purge('KV_settings')
  expect((await follow()).get('bell.rings')).toBe(3)
  await bucket.put('bell.rings', '7')
  await bucket.put('bell.mute', 'true')
  const settings = await follow()
  expect([settings.get('bell.rings'), settings.get('bell.mute')]).toEqual([7, true])
})

test('a default of the process stands in for the declared one, and the bucket over both', async () => {
  const settings = await follow(silent, { 'bell.rings': 8 })
  expect(settings.get('bell.rings')).toBe(8)
  await bucket.put('bell.rings', '2')
  await until(() => settings.get('bell.rings') === 2)
  await bucket.delete('bell.rings')
  await until(() => settings.get('bell.rings') === 8)
})

test.each(['10', '"5"', 'null', '{', ''])(
  'refuses %j with one line that names the setting and what was expected, and keeps the old value',
  async (bad) => {
    const lines: string[] = []
    const warn = (message: string, fields?: object) => void lines.push(`${message} ${JSON.stringify(fields)}`)
    const settings = await follow({ ...silent, warn })
    await bucket.put('bell.rings', '4')
    await bucket.put('bell.rings', bad)
    await bucket.put('bell.mute', 'true')
    await until(() => settings.get('bell.mute'))
    expect(settings.get('bell.rings')).toBe(4)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/refused.*"setting":"bell\.rings".*"expected":".+"/)
  },
)

test('tells each change once to those who listen, until they have enough', async () => {
  const settings = await follow()
  const heard: number[] = []
  const end = settings.onChange('bell.rings', (rings) => heard.push(rings))
  for (const json of ['6', '6', '99', '7']) await bucket.put('bell.rings', json)
  await until(() => settings.get('bell.rings') === 7)
  end()
  await bucket.put('bell.rings', '8')
  await until(() => settings.get('bell.rings') === 8)
  expect(heard).toEqual([6, 7])
})

test('passes over what it does not know', async () => {
  const settings = await follow()
  await bucket.put('toString', '1')
  await bucket.put('bell.colour', '"red"')
  await bucket.put('bell.rings', '9')
  await until(() => settings.get('bell.rings') === 9)
})

test('keeps the last values while NATS is away, and goes on with what was set meanwhile', async () => {
  const settings = await follow()
  await bucket.put('bell.rings', '5')
  await until(() => settings.get('bell.rings') === 5)
  await nats.kill()
  expect(settings.get('bell.rings')).toBe(5)
  await nats.restart()
  await until(() => bucket.put('bell.rings', '6').then(Boolean, () => false))
  await until(() => settings.get('bell.rings') === 6)
})

test('a bucket that was lost and made again is read on', async () => {
  const settings = createSettings(declarations)
  following.push(settings.follow(nc, silent, 500))
  const jsm = await jetstreamManager(nc)
  await jsm.streams.delete('KV_settings')
  await provision(nc)
  await bucket.put('bell.rings', '2')
  await until(() => settings.get('bell.rings') === 2)
})

import { afterAll, beforeAll, expect, test } from 'bun:test'
import { KitConfig } from '../src/config.ts'
import { on } from '../src/consumer.ts'
import type { ServiceContext } from '../src/context.ts'
import { createTokenKeys } from '../src/actor-token.ts'
import { createBroker } from '../src/starting/broker.ts'
import { counted, startStack, type Stack, until } from './fixture/stack.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.stop())

test('a service whose consumers are provisioned after its start hears what there was, and says so meanwhile', async () => {
  const heard: string[] = []
  const broker = createBroker<ServiceContext>({
    config: KitConfig.parse({ DATABASE_URL: stack.handle.url, NATS_URL: stack.nats.url }),
    handle: stack.handle,
    // The handler below uses nothing of it.
    context: () => ({}) as ServiceContext,
    definition: {
      name: 'late',
      consumers: [on(counted, async ({ event }) => void heard.push(event.aggregateId), 'note')],
    },
    log: stack.log,
  })
  const { kid, publicJwk } = await createTokenKeys(`late.${crypto.randomUUID()}`)
  const joined = broker.join({ id: kid, service: 'late', url: 'http://127.0.0.1:1', publicJwk })
  await until(() => stack.logged.some((line) => line.startsWith('could not join NATS')))
  expect(broker.connection()).toBe('degraded')

  await stack.publish('early', 1)
  for (const [stream, subject] of [
    ['SAMPLES', 'samples.tally.*.v1'],
    ['ADVISORIES', '$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.SAMPLES.late-samples'],
  ] as const) {
    const durable = `late-${stream.toLowerCase()}`
    const { config } = await stack.jsm.consumers.info(stream, durable.replace('late', 'hearer'))
    await stack.jsm.consumers.add(stream, {
      ack_policy: config.ack_policy,
      durable_name: durable,
      filter_subjects: [subject],
    })
  }
  await joined
  await until(() => heard.includes('early'))
  expect(broker.connection()).toBe('ok')
  await broker.leave()
  await broker.stopConsumers()
  await broker.close()
})

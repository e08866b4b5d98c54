import { expect, test } from 'bun:test'
import { declaredConsumers } from '@comptoir/nats/consumers'
import { checkHearing } from './check-hearing.ts'

const [some] = declaredConsumers(1)
const service = some?.config.durable_name.split('-')[0] ?? ''
const bindings = declaredConsumers(1)
  .filter(({ stream, config }) => config.durable_name.startsWith(`${service}-`) && stream !== 'ADVISORIES')
  .flatMap(({ config }) => (config.filter_subjects ?? []).map((subject) => ({ event: { subject } })))

test('a service hears what it has handlers for, no more and no less', () => {
  expect(bindings.length).toBeGreaterThan(0)
  checkHearing(service, bindings)
  expect(() => checkHearing(service, bindings.slice(1))).toThrow(bindings[0]?.event.subject)
  expect(() => checkHearing(service, [...bindings, { event: { subject: 'a.new.one.v1' } }])).toThrow(
    'a.new.one.v1',
  )
})

// Letters about an account; identity, whose links work once, is played by a stand-in that makes a new token each time.
import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test'
import { commonError } from '@comptoir/contracts/errors'
import { occurred } from '@comptoir/contracts/event'
import {
  emailVerificationRequested,
  passwordChanged,
  signedOutEverywhere,
} from '@comptoir/contracts/identity/events'
import { type House, openHouse } from './house.ts'
import { newContact } from './samples.ts'

const told = new Map<string, string[]>()
const over = new Set<string>()
let unavailable = 0

const issueLetterToken = async ({ letterId }: { letterId: string }) => {
  if (unavailable > 0) {
    unavailable -= 1
    throw commonError('UNAVAILABLE')
  }
  if (over.has(letterId)) return { token: null }
  const token = `ev_${crypto.randomUUID()}`
  told.set(letterId, [...(told.get(letterId) ?? []), token])
  return { token }
}

let house: House
beforeAll(async () => {
  house = await openHouse({ identity: { issueLetterToken } })
})
afterEach(() => house.sandbox.clearFaults())
afterAll(() => house.close())

const requested = (email: string, locale: 'en' | 'fr' = 'en') => {
  const letterId = crypto.randomUUID()
  const userId = crypto.randomUUID()
  const data = emailVerificationRequested.data.parse({ userId, letterId, email, name: 'Ada', locale })
  return occurred(emailVerificationRequested, { aggregateId: letterId, version: 1, data })
}

test('carry a link with a token that identity has made, and nothing keeps it', async () => {
  const { email } = newContact()
  const occurrence = requested(email, 'fr')
  await house.service.publish(occurrence)
  await house.settled(1, email)
  const [mail] = await house.sandbox.mails(email)
  const token = told.get(occurrence.aggregateId)?.[0] ?? 'none'
  expect(mail?.subject).toBe('Confirmez votre adresse e-mail pour Comptoir')
  expect(mail?.text).toContain(`https://shop.example/account/verify-email#token=${token}`)
  const [kept] = await house.service.sql`
    select coalesce(json_agg(m)::text, '') || coalesce((select json_agg(i)::text from inbox i), '') as everything
    from messages m`
  expect(kept?.['everything']).toContain(occurrence.aggregateId)
  expect(kept?.['everything']).not.toContain(token)
})

test('leave one message that carries a token told for it, though the event comes twice and answers are lost', async () => {
  const { email } = newContact()
  const occurrence = requested(email)
  await house.sandbox.fault({ provider: 'resend', operation: 'emails.send', times: 1, dropAnswer: true })
  const id = crypto.randomUUID()
  await house.service.publish(occurrence, { id })
  await house.service.publish(occurrence, { id })
  const [row] = await house.settled(1, email)
  expect(row).toMatchObject({ state: 'sent', attempts: 2 })
  const mails = await house.sandbox.mails(email)
  expect(mails).toHaveLength(1)
  const tokens = told.get(occurrence.aggregateId) ?? []
  expect(tokens.some((token) => mails[0]?.text.includes(token))).toBe(true)
})

test('wait for identity while it does not answer', async () => {
  const { email } = newContact()
  unavailable = 2
  await house.service.publish(requested(email))
  const [row] = await house.settled(1, email)
  expect(row).toMatchObject({ state: 'sent', attempts: 3 })
})

test('are not sent once nobody waits for them any more', async () => {
  const { email } = newContact()
  const occurrence = requested(email)
  over.add(occurrence.aggregateId)
  await house.service.publish(occurrence)
  const [row] = await house.settled(1, email)
  expect(row).toMatchObject({ state: 'failed', last_error: 'letter_over' })
  expect(await house.sandbox.mails(email)).toEqual([])
})

test('name what still lets somebody in after a new password, as identity tells it', async () => {
  const { email } = newContact()
  const userId = crypto.randomUUID()
  const person = { userId, email, name: 'Ada', locale: 'en' }
  const tell = (version: number, remaining: object) => {
    const data = passwordChanged.data.parse({ ...person, ...remaining })
    return house.service.publish(occurred(passwordChanged, { aggregateId: userId, version, data }))
  }
  await tell(2, { providers: ['Google'], machines: ['Warehouse'] })
  await house.settled(1, email)
  const everywhere = signedOutEverywhere.data.parse({ ...person, providers: ['Google'], machines: [] })
  await house.service.publish(
    occurred(signedOutEverywhere, { aggregateId: userId, version: 3, data: everywhere }),
  )
  await house.settled(2, email)
  // As an earlier version tells it.
  await tell(4, {})
  await house.settled(3, email)
  const texts = (await house.sandbox.mails(email)).map(({ text }) => text)
  expect(texts.filter((text) => text.includes('“Google”'))).toHaveLength(2)
  expect(texts.filter((text) => text.includes('“Warehouse”'))).toHaveLength(1)
})

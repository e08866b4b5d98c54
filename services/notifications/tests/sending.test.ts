import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test'
import { orderDelivered } from '@comptoir/contracts/orders/events'
import { onAccountChanged } from '../src/consumers/account-changed.ts'
import { claimDue, saveSettlement } from '../src/db/queue.ts'
import { newContact, newOrder, orderEvent, registered } from './samples.ts'
import { eventually, type House, openHouse, type Row } from './house.ts'
import { deleteOldMessages } from '../src/workers/delete-old-messages.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterEach(() => house.sandbox.clearFaults())
afterAll(() => house.close())

describe('each message arrives once', () => {
  test('though its event comes twice, or is handled again after its inbox row is gone', async () => {
    const { email } = newContact()
    const occurrence = registered(email, 'en')
    const id = crypto.randomUUID()
    await house.service.publish(occurrence, { id })
    await house.service.publish(occurrence, { id })
    await house.settled(1, email)
    const event = { ...occurrence, id, type: occurrence.event.subject, time: new Date().toISOString() }
    const data = occurrence.event.data.parse(occurrence.data)
    await house.service.context.transaction((tx) =>
      onAccountChanged({ ctx: house.service.context, tx, event: { ...event, data } }),
    )
    await house.settled(1, email)
    expect(await house.sandbox.mails(email)).toHaveLength(1)
  })

  test.each([
    ['answers 500 after it has sent', { failAfterEffect: 500 }],
    ['cuts the connection after it has sent', { dropAnswer: true }],
    ['fails before it has sent', { fail: 500 }],
    ['says that we are too fast', { fail: 429 }],
  ])('though Resend %s', async (_, fault) => {
    const { email } = newContact()
    await house.sandbox.fault({ provider: 'resend', operation: 'emails.send', times: 1, ...fault })
    await house.service.publish(registered(email, 'en'))
    const [row] = await house.settled(1, email)
    expect(row).toMatchObject({ state: 'sent', attempts: 2, last_error: null })
    const mails = await house.sandbox.mails(email)
    expect(mails.map((mail) => mail.id)).toEqual([row?.provider_id ?? 'none'])
  })

  test.each([
    ['answers 500 after it has sent', { failAfterEffect: 500 }],
    ['cuts the connection after it has sent', { dropAnswer: true }],
    ['fails before it has sent', { fail: 503 }],
    ['says that we are too fast', { fail: 429 }],
  ])('though Twilio %s', async (_, fault) => {
    const { email, phone } = newContact()
    await house.sandbox.fault({ provider: 'twilio', operation: 'messages.create', times: 1, ...fault })
    await house.service.publish(orderEvent(orderDelivered, newOrder({ email, phone }), 5))
    const [row] = await house.settled(1, phone)
    expect(row).toMatchObject({ state: 'sent', attempts: 2, last_error: null })
    const texts = await house.sandbox.texts(phone)
    expect(texts.map((text) => text.sid)).toEqual([row?.provider_id ?? 'none'])
  })

  test('though Twilio does not even say whether it has sent', async () => {
    const { email, phone } = newContact()
    await house.sandbox.fault({
      provider: 'twilio',
      operation: 'messages.create',
      times: 1,
      failAfterEffect: 500,
    })
    await house.sandbox.fault({ provider: 'twilio', operation: 'messages.list', times: 2, fail: 503 })
    await house.service.publish(orderEvent(orderDelivered, newOrder({ email, phone }), 5))
    const [row] = await house.settled(1, phone)
    expect(row).toMatchObject({ state: 'sent', attempts: 4 })
    expect(await house.sandbox.texts(phone)).toHaveLength(1)
  })

  test('though its senders died over it again and again before they could note that it was sent', async () => {
    const { email, phone } = newContact()
    await house.service.publish(orderEvent(orderDelivered, newOrder({ email, phone }), 5))
    const before = await house.settled(2, email, phone)
    await house.service
      .sql`update messages set state = 'sending', provider_id = null, sent_at = null, run_at = now(), lease_epoch = 20
      where recipient in ${house.service.sql([email, phone])}`
    house.service.context.wake('send-email')
    house.service.context.wake('send-sms')
    const after = await house.settled(2, email, phone)
    expect(after.map((row) => row.attempts)).toEqual([1, 1])
    expect(after.map((row) => row.provider_id)).toEqual(before.map((row) => row.provider_id))
    expect(await house.sandbox.mails(email)).toHaveLength(1)
    expect(await house.sandbox.texts(phone)).toHaveLength(1)
  })

  test('and is given up when every sender dies over it', async () => {
    const { email } = newContact()
    await house.service.publish(registered(email, 'en'))
    await house.settled(1, email)
    await house.service
      .sql`update messages set state = 'sending', run_at = now(), lease_epoch = 50 where recipient = ${email}`
    house.service.context.wake('send-email')
    const [row] = await eventually(async () => {
      const rows = await house.rowsTo(email)
      return rows.every(({ state, attempts }) => state === 'unknown' && attempts === 6) ? rows : undefined
    })
    expect(row).toMatchObject({ last_error: 'exhausted' })
    expect(await house.sandbox.mails(email)).toHaveLength(1)
  })

  test('and is given up rather than repeated once the key may be forgotten', async () => {
    const { email } = newContact()
    await house.service.publish(registered(email, 'en'))
    await house.settled(1, email)
    await house.service
      .sql`update messages set state = 'unknown', run_at = now(), first_attempt_at = now() - interval '24 hours'
      where recipient = ${email}`
    house.service.context.wake('send-email')
    const [row] = await house.settled(1, email)
    expect(row).toMatchObject({ state: 'failed', last_error: 'key_expired' })
    expect(await house.sandbox.mails(email)).toHaveLength(1)
  })
})

describe('sending', () => {
  test('does not go on with what the provider will never take', async () => {
    const { email } = newContact()
    const phone = '+15005550001'
    await house.service.publish(orderEvent(orderDelivered, newOrder({ email, phone }), 5))
    const [row] = await house.settled(1, phone)
    expect(row).toMatchObject({ state: 'failed', attempts: 1, last_error: '400:21211' })
  })

  test('ends after the last try, and a doubt stays visible as one', async () => {
    const { email, phone } = newContact()
    await house.sandbox.fault({ provider: 'twilio', fail: 500 })
    await house.sandbox.fault({ provider: 'resend', fail: 429 })
    await house.service.publish(orderEvent(orderDelivered, newOrder({ email, phone }), 5))
    const ended = await eventually(async () => {
      const rows = await house.service.sql<Row[]>`select state, attempts, channel from messages
        where recipient in ${house.service.sql([email, phone])} and run_at is null order by channel`
      return rows.length === 2 ? rows : undefined
    }, 30_000)
    expect(ended).toMatchObject([
      { channel: 'email', state: 'failed', attempts: 6 },
      { channel: 'sms', state: 'unknown', attempts: 6 },
    ])
  })

  test('on one channel does not wait for the other', async () => {
    const { email, phone } = newContact()
    await house.sandbox.fault({ provider: 'resend', delayMs: 1_500 })
    await house.service.publish(orderEvent(orderDelivered, newOrder({ email, phone }), 5))
    await house.settled(1, phone)
    expect((await house.rowsTo(email)).map((row) => row.state)).not.toContain('sent')
    await house.settled(2, email, phone)
  })

  test('gives a message to one sender, and takes no word from one that lost it', async () => {
    const contact = newContact()
    await house.service
      .sql`insert into messages (id, event_id, channel, recipient, template, locale, payload, created_at)
      select gen_random_uuid(), gen_random_uuid(), 'sms', ${contact.phone}, 'order-delivered', 'en',
        '{"template":"order-delivered","order":{"number":"C-1"}}', now()
      from generate_series(1, 20)`
    const claim = () =>
      house.service.context.transaction((tx) => claimDue(tx, { channel: 'sms', limit: 8, leaseMs: 60_000 }))
    const claims = (await Promise.all([claim(), claim(), claim(), claim()])).flat()
    expect(new Set(claims.map((row) => row.id)).size).toBe(claims.length)
    const [mine] = claims
    if (mine === undefined) throw new Error('Nothing was claimed')
    await house.service.sql`update messages set lease_epoch = lease_epoch + 1 where id = ${mine.id}`
    const done = { state: 'sent', retryInMs: null, providerId: 'x', error: null, at: new Date() } as const
    expect(await house.service.context.transaction((tx) => saveSettlement(tx, mine, done))).toBe(false)
    await house.service.sql`delete from messages where recipient = ${contact.phone}`
  })
})

test('messages are deleted after ninety days, unless somebody may still have to do something about them', async () => {
  const { sql, context } = house.service
  const template = `old-${crypto.randomUUID()}`
  await sql`
    insert into messages (id, event_id, channel, recipient, template, locale, payload, state, run_at, created_at)
    select gen_random_uuid(), gen_random_uuid(), 'email', 'ada@example.org', ${template}, 'en', '{}', state, null,
      now() - days * interval '1 day'
    from unnest(array['sent', 'failed', 'unknown']) state, unnest(array[89, 91]) days`
  await deleteOldMessages.run(context, new AbortController().signal)
  const left = await sql<{ state: string }[]>`
    select state from messages where template = ${template} order by state, created_at`
  expect(left.map(({ state }) => state)).toEqual(['failed', 'sent', 'unknown', 'unknown'])
})

import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { Resend } from 'resend'
import { startUnderTest, type UnderTest } from './sandbox-under-test.ts'

let sandbox: UnderTest
let resend: Resend
beforeAll(() => {
  sandbox = startUnderTest()
  resend = new Resend(sandbox.config.RESEND_API_KEY, { baseUrl: `${sandbox.url}/resend` })
})
beforeEach(async () => {
  await sandbox.post('/sandbox/reset', { state: true })
})
afterAll(() => sandbox.stop())

const mail = {
  from: 'Comptoir <shop@example.com>',
  to: ['Anna <anna@example.com>'],
  subject: 'Your order',
  html: '<p>Thank you</p>',
  text: 'Thank you',
}
const sent = async (): Promise<number> => (await sandbox.ledger('resend'))['emails']?.length ?? 0

test('sends once per key, and shows the mail', async () => {
  const first = await resend.emails.send(mail, { idempotencyKey: 'order-1' })
  const again = await resend.emails.send(mail, { idempotencyKey: 'order-1' })
  expect(first.error).toBeNull()
  expect(again.data?.id).toBe(first.data?.id ?? '')
  expect(await sent()).toBe(1)
  const got = await resend.emails.get(first.data?.id ?? '')
  expect(got.data).toMatchObject({ subject: 'Your order', to: mail.to, last_event: 'delivered' })
})

test('refuses the same key with another body, and while the first is running', async () => {
  await resend.emails.send(mail, { idempotencyKey: 'k' })
  const other = await resend.emails.send({ ...mail, subject: 'Other' }, { idempotencyKey: 'k' })
  expect(other.error).toMatchObject({ statusCode: 409, name: 'invalid_idempotent_request' })
  await sandbox.post('/sandbox/faults', {
    provider: 'resend',
    operation: 'emails.send',
    delayMs: 100,
    times: 1,
  })
  const both = await Promise.all([1, 2].map(() => resend.emails.send(mail, { idempotencyKey: 'k2' })))
  expect(both.map((one) => one.error?.name ?? 'sent').toSorted()).toEqual([
    'concurrent_idempotent_requests',
    'sent',
  ])
  expect(await sent()).toBe(2)
})

test('a 500 after the effect is answered by the same mail on the next try', async () => {
  await sandbox.post('/sandbox/faults', {
    provider: 'resend',
    operation: 'emails.send',
    failAfterEffect: 500,
    times: 1,
  })
  expect((await resend.emails.send(mail, { idempotencyKey: 'k' })).error?.name).toBe('application_error')
  expect((await resend.emails.send(mail, { idempotencyKey: 'k' })).error).toBeNull()
  expect(await sent()).toBe(1)
})

test('a batch is sent whole or not at all', async () => {
  const good = await resend.batch.send([mail, { ...mail, to: 'bob@example.com' }], { idempotencyKey: 'b' })
  expect(good.data?.data).toHaveLength(2)
  const bad = await resend.batch.send([mail, { ...mail, to: 'not an address' }])
  expect(bad.error?.name).toBe('validation_error')
  expect(await sent()).toBe(2)
})

test('errors have Resend’s shape', async () => {
  const wrong = new Resend('re_wrong', { baseUrl: `${sandbox.url}/resend` })
  expect((await wrong.emails.send(mail)).error).toMatchObject({ statusCode: 401, name: 'invalid_api_key' })
  expect((await resend.emails.get(crypto.randomUUID())).error).toMatchObject({
    statusCode: 404,
    name: 'not_found',
  })
  expect((await resend.emails.send({ ...mail, subject: '' })).error).toMatchObject({
    name: 'missing_required_field',
  })
})

test('the mailbox lists newest first, filters by recipient, and escapes what it shows', async () => {
  await resend.emails.send(mail)
  await resend.emails.send({
    ...mail,
    to: 'bob@example.com',
    subject: '<script>alert(1)</script>',
    html: '"><script>x</script>',
  })
  const all = await (
    await fetch(`${sandbox.url}/mailbox`, { headers: { accept: 'application/json' } })
  ).json()
  expect(all.data.map((one: { subject: string }) => one.subject)).toEqual([
    '<script>alert(1)</script>',
    'Your order',
  ])
  const annas = await (
    await fetch(`${sandbox.url}/mailbox?to=anna@example.com`, { headers: { accept: 'application/json' } })
  ).json()
  expect(annas.data).toMatchObject([{ to: ['Anna <anna@example.com>'], html: '<p>Thank you</p>' }])
  const listing = await (await fetch(`${sandbox.url}/mailbox`, { headers: { accept: 'text/html' } })).text()
  expect(listing).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  const one = await fetch(`${sandbox.url}/mailbox/${all.data[0].id}`)
  expect(one.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(await one.text()).not.toContain('<script>')
})

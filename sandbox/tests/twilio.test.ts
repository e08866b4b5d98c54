import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { startUnderTest, type UnderTest } from './sandbox-under-test.ts'

let sandbox: UnderTest
beforeAll(() => {
  sandbox = startUnderTest()
})
beforeEach(async () => {
  await sandbox.post('/sandbox/reset', { state: true })
})
afterAll(() => sandbox.stop())

const ask = (
  path: string,
  init: RequestInit = {},
  password = sandbox.config.TWILIO_AUTH_TOKEN,
): Promise<Response> => {
  const sid = sandbox.config.TWILIO_ACCOUNT_SID
  return fetch(`${sandbox.url}/twilio/2010-04-01/Accounts/${sid}/${path}`, {
    ...init,
    headers: { authorization: `Basic ${btoa(`${sid}:${password}`)}` },
  })
}
const send = (fields: Record<string, string> = {}): Promise<Response> =>
  ask('Messages.json', {
    method: 'POST',
    body: new URLSearchParams({
      To: '+447700900123',
      From: '+447700900999',
      Body: 'Your parcel is on its way',
      ...fields,
    }),
  })

test('sends, shows and lists a message; posting again sends again', async () => {
  const first = await send()
  expect(first.status).toBe(201)
  const body: { sid: string } = await first.json()
  expect(body).toMatchObject({
    status: 'queued',
    to: '+447700900123',
    num_segments: '1',
    direction: 'outbound-api',
  })
  expect(body.sid).toMatch(/^SM[0-9a-f]{32}$/)
  expect(await (await ask(`Messages/${body.sid}.json`)).json()).toMatchObject({
    sid: body.sid,
    status: 'delivered',
  })
  await send()
  expect((await sandbox.ledger('twilio'))['messages']).toHaveLength(2)
})

test('filters by recipient and day, and pages', async () => {
  await send()
  await send({ Body: 'second' })
  await send({ To: '+447700900456' })
  const today = new Date().toISOString().slice(0, 10)
  const query = new URLSearchParams({ To: '+447700900123', 'DateSent>': today, PageSize: '1' })
  const page = await (await ask(`Messages.json?${query}`)).json()
  expect(page).toMatchObject({ page: 0, page_size: 1, start: 0, messages: [{ body: 'second' }] })
  const next = await (await ask(`Messages.json${new URL(page.next_page_uri, sandbox.url).search}`)).json()
  expect(next).toMatchObject({
    page: 1,
    messages: [{ body: 'Your parcel is on its way' }],
    next_page_uri: null,
  })
  const before = await (
    await ask(`Messages.json?${new URLSearchParams({ 'DateSent<': '2020-01-01' })}`)
  ).json()
  expect(before.messages).toEqual([])
})

test('a 500 after the effect has sent the message', async () => {
  await sandbox.post('/sandbox/faults', {
    provider: 'twilio',
    operation: 'messages.create',
    failAfterEffect: 500,
    times: 1,
  })
  expect((await send()).status).toBe(500)
  expect((await sandbox.ledger('twilio'))['messages']).toHaveLength(1)
})

test('errors have Twilio’s shape', async () => {
  expect(await (await ask('Messages.json', {}, 'wrong')).json()).toMatchObject({ code: 20003, status: 401 })
  expect(await (await send({ To: 'x' })).json()).toMatchObject({ code: 21211, status: 400 })
  expect(await (await send({ Body: '' })).json()).toMatchObject({ code: 21602 })
  expect(await (await ask('Messages/SMnone.json')).json()).toMatchObject({ code: 20404, status: 404 })
})

test('the phone lists messages as JSON and as a page', async () => {
  await send({ Body: '<b>hello</b>' })
  const json = await (
    await fetch(`${sandbox.url}/phone?to=%2B447700900123`, { headers: { accept: 'application/json' } })
  ).json()
  expect(json.data).toMatchObject([{ to: '+447700900123', body: '<b>hello</b>' }])
  expect(await (await fetch(`${sandbox.url}/phone?to=+447700900123`)).text()).toContain(
    '&lt;b&gt;hello&lt;/b&gt;',
  )
})

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import {
  paymentAuthorized,
  paymentCancelled,
  paymentCaptured,
  paymentFailed,
  paymentRefunded,
  paymentStarted,
} from '@comptoir/contracts/payments/events'
import { customerActor, guestActor, staffActor } from '@comptoir/service-kit/testing/actors'
import { aKey, startPayments, until, type PaymentsUnderTest } from './payments-under-test.ts'

let it: PaymentsUnderTest
beforeAll(async () => {
  it = await startPayments()
})
afterAll(() => it.stopAll())

describe('a purchase', () => {
  test('is started, authorised by the customer and captured once, and tells each step in order', async () => {
    const { order, start, pay } = await it.started()
    expect(start.payment).toMatchObject({
      status: 'started',
      amount: { amountMinor: 2_500, currency: 'GBP' },
    })
    expect(start.stripe).toMatchObject({ publishableKey: 'pk_test_sandbox' })
    expect(start.stripe?.clientSecret).toStartWith(`${start.stripe?.paymentIntentId}_secret_`)

    expect((await pay()).status).toBe(200)
    const ofOrder = (event: { data: { orderId: string } }) => event.data.orderId === order.id
    const authorized = await it.probe.next(paymentAuthorized, ofOrder)
    const captured = await it.house.capturePayment({ orderId: order.id })
    expect(captured).toMatchObject({ status: 'captured', captured: { amountMinor: 2_500 }, failure: null })
    const told = [
      await it.probe.next(paymentStarted, ofOrder),
      authorized,
      await it.probe.next(paymentCaptured, ofOrder),
    ]
    expect(told.map(({ version }) => version)).toEqual([1, 2, 3])
    expect(authorized.data).toMatchObject({
      orderNumber: order.number,
      contact: { email: 'ada@example.com' },
      settlesCancelled: false,
    })
    expect(await it.sandbox.ledgerOf(order.id)).toMatchObject({
      intents: [{ status: 'succeeded' }],
      captures: [{ amount: 2_500 }],
      refunds: [],
    })
  })

  test('can be declined and then succeed', async () => {
    const { order, pay } = await it.started()
    expect((await pay('pm_card_visa_chargeDeclinedInsufficientFunds')).status).toBe(402)
    const failed = await it.probe.next(paymentFailed, ({ data }) => data.orderId === order.id)
    expect(failed.data).toMatchObject({ status: 'started', failure: 'INSUFFICIENT_FUNDS' })
    await pay()
    const authorized = await it.reaches(order, 'authorized')
    expect(authorized.failure).toBeNull()
    expect(authorized.version).toBe(failed.version + 1)
  })

  test('goes on with the intent it has when it is started again with another key', async () => {
    const { shopper, order, start } = await it.started()
    const again = await it.as(shopper).startPayment({ orderId: order.id }, aKey())
    expect(again.stripe).toEqual(start.stripe)
    expect((await it.sandbox.ledgerOf(order.id)).intents).toHaveLength(1)
  })

  test('belongs to the trace that placed the order, also where it was started before the order was heard of', async () => {
    const { order } = await it.started()
    expect(await it.traceOf(order)).toMatch(/^[0-9a-f]{32}$/)
    const placing = 'c'.repeat(32)
    await it.tell(order, { traceparent: `00-${placing}-${'d'.repeat(16)}-01` })
    await until(async () => (await it.traceOf(order)) === placing || undefined)
  })

  test('makes one intent when it is started 20 times at once with 20 keys', async () => {
    const shopper = guestActor()
    const order = it.place(shopper)
    const start = () => it.as(shopper).startPayment({ orderId: order.id }, aKey())
    const starts = await Promise.all(Array.from({ length: 20 }, start))
    expect(new Set(starts.map(({ stripe }) => stripe?.clientSecret)).size).toBe(1)
    expect((await it.sandbox.ledgerOf(order.id)).intents).toHaveLength(1)
  })

  test('makes one intent when it is started 20 times at once with one key', async () => {
    const shopper = guestActor()
    const order = it.place(shopper)
    const key = aKey()
    const start = () => it.as(shopper).startPayment({ orderId: order.id }, key)
    const starts = await Promise.allSettled(Array.from({ length: 20 }, start))
    const answers = starts.flatMap((settled) => (settled.status === 'fulfilled' ? [settled.value] : []))
    expect(answers.length).toBeGreaterThan(0)
    for (const answer of answers) expect(answer).toEqual(await start())
    expect((await it.sandbox.ledgerOf(order.id)).intents).toHaveLength(1)
  })

  test('answers a repeated call with the client secret, which is asked for again because no table holds it', async () => {
    const shopper = guestActor()
    const order = it.place(shopper)
    const key = aKey()
    const start = () => it.as(shopper).startPayment({ orderId: order.id }, key)
    const first = await start()
    const secret = first.stripe?.clientSecret ?? ''
    expect(secret).toContain('_secret_')
    const kept =
      await it.sql`select answer::text as text from idempotency_keys where key = ${key.idempotencyKey}`
    expect(kept[0]?.['text']).toContain(first.payment.id)
    expect(kept[0]?.['text']).not.toContain(secret)
    await it.sandbox.fault({ provider: 'stripe', operation: '*', fail: 503, times: 1_000 })
    await expect(start()).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
    await it.sandbox.clearFaults()
    expect(await start()).toEqual(first)
  })

  test('is opened once, whether the event or the customer comes first', async () => {
    const shopper = guestActor()
    const order = it.place(shopper)
    await it.tell(order)
    await it.opened(order)
    const { payment } = await it.as(shopper).startPayment({ orderId: order.id }, aKey())
    const late = await it.started()
    await it.tell(late.order)
    const opened =
      await it.sql`select order_id, id from payments where order_id in ${it.sql([order.id, late.order.id])}`
    expect(opened.map(({ id }) => String(id)).toSorted()).toEqual(
      [payment.id, late.start.payment.id].toSorted(),
    )
  })

  test('captured 20 times at once takes the money once', async () => {
    const { order, pay } = await it.started()
    await pay()
    await it.reaches(order, 'authorized')
    const capture = () => it.house.capturePayment({ orderId: order.id })
    const answers = await Promise.all(Array.from({ length: 20 }, capture))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect((await it.sandbox.ledgerOf(order.id)).captures).toHaveLength(1)
    const operations =
      await it.sql`select state from payment_operations where op_key = ${`${answers[0]?.id}:capture:1`}`
    expect(operations.map(({ state }) => String(state))).toEqual(['succeeded'])
  })

  test('captured already, answers the same', async () => {
    const { order, pay } = await it.started()
    await pay()
    await it.reaches(order, 'authorized')
    const first = await it.house.capturePayment({ orderId: order.id })
    expect(await it.house.capturePayment({ orderId: order.id })).toEqual(first)
  })
})

describe('an order of nothing', () => {
  test('is authorised at once, needs no provider and is captured and refunded like any other', async () => {
    const shopper = customerActor()
    const order = it.place(shopper, { totalMinor: 0 })
    await it.tell(order)
    const ofOrder = (event: { data: { orderId: string } }) => event.data.orderId === order.id
    const authorized = await it.probe.next(paymentAuthorized, ofOrder)
    expect(authorized.data).toMatchObject({ provider: 'none', authorized: { amountMinor: 0 } })
    const start = await it.as(shopper).startPayment({ orderId: order.id }, aKey())
    expect(start).toMatchObject({ payment: { status: 'authorized' }, stripe: null })
    expect(await it.house.capturePayment({ orderId: order.id })).toMatchObject({ status: 'captured' })
    await it.cancel(order)
    const refunded = await it.probe.next(paymentRefunded, ofOrder)
    expect(refunded.data).toMatchObject({ status: 'refunded', settlesCancelled: true })
    expect((await it.sandbox.ledgerOf(order.id)).intents).toEqual([])
  })

  test('is let go when it is cancelled before its capture', async () => {
    const order = it.place(guestActor(), { totalMinor: 0 })
    await it.tell(order)
    await it.reaches(order, 'authorized')
    await it.cancel(order)
    const cancelled = await it.probe.next(paymentCancelled, ({ data }) => data.orderId === order.id)
    expect(cancelled.data).toMatchObject({ status: 'cancelled', authorized: { amountMinor: 0 } })
  })
})

describe('what is kept', () => {
  test('is seen by its owner and by staff', async () => {
    const { shopper, order, start } = await it.started()
    expect(await it.as(shopper).getPayment({ orderId: order.id })).toEqual(start.payment)
    expect(await it.as(staffActor()).getPayment({ orderId: order.id })).toEqual(start.payment)
  })

  test('holds no card, no client secret and no personal data of the provider', async () => {
    const { order, start, pay } = await it.started()
    await pay()
    await it.reaches(order, 'authorized')
    await it.house.capturePayment({ orderId: order.id })
    await it.heardAll()
    const kept = await it.sql`
      select p::text as text from payments p union all select e::text from payment_events e
      union all select o::text from payment_operations o union all select w::text from provider_webhooks w`
    expect(kept.length).toBeGreaterThan(4)
    const text = kept.map((row) => String(row['text'])).join('\n')
    for (const secret of [
      start.stripe?.clientSecret ?? '',
      '_secret_',
      'last4',
      // As a value and as a number's beginning: four digits alone occur in ids by chance.
      '"4242"',
      '42424242',
      'exp_month',
      'billing',
    ]) {
      expect(text).not.toContain(secret)
    }
  })

  test('balances: every booking adds up to zero, and clearing holds what was captured and not refunded', async () => {
    const { order, pay } = await it.started()
    await pay()
    await it.reaches(order, 'authorized')
    await it.house.capturePayment({ orderId: order.id })
    await it.cancel(order)
    await it.reaches(order, 'refunded')
    const [unbalanced] = await it.sql`
      select count(*)::int as count from (
        select 1 from ledger_entries group by txn_id, currency having sum(amount_minor) <> 0) t`
    expect(unbalanced).toEqual({ count: 0 })
    const accounts = await it.sql`
      select l.account, sum(l.amount_minor)::int as balance from ledger_entries l join payments p on p.id = l.payment_id
      where p.order_id = ${order.id} group by l.account order by l.account`
    expect(accounts.map(({ account, balance }) => [account, balance])).toEqual([
      ['customer', 0],
      ['provider_clearing', 0],
      ['refunds', 2_500],
      ['revenue', -2_500],
    ])
  })

  test('cannot be booked out of balance, changed or deleted', async () => {
    const { start } = await it.started()
    const entry = (txn: string, amount: number) => it.sql`
      insert into ledger_entries (id, txn_id, payment_id, account, amount_minor, currency)
      values (gen_random_uuid(), ${txn}, ${start.payment.id}, 'revenue', ${amount}, 'GBP')`
    const alone = entry(crypto.randomUUID(), 5)
    expect(alone).rejects.toThrow('does not add up to zero')
    await alone.catch(() => undefined)
    for (const change of [
      it.sql`update payment_events set amount_minor = 1`,
      it.sql`delete from payment_events`,
      it.sql`update ledger_entries set amount_minor = 0`,
      it.sql`delete from ledger_entries`,
      it.sql`truncate ledger_entries`,
    ]) {
      const refusal = await change.then(
        () => 'changed',
        (error: Error) => error.message,
      )
      expect(refusal).toContain('is append-only')
    }
  })
})

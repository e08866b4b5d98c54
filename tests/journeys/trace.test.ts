// One trace id covers a purchase, over HTTP, the broker and the workers; every edge by its span ids.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { advanceParcel } from '@comptoir/dev/demo/sandbox'
import { enter, fillCart, pay, awaitStatus, type Order, type Shopper } from '../stack/purchase.ts'
import { startTestStack, type TestStack } from '../stack/test-stack.ts'
import { until } from '../stack/until.ts'
import { ask, type Answer } from './ask.ts'
import { collectSpans, type Span, type SpanCollector } from './span-collector.ts'

let collector: SpanCollector
let stack: TestStack

beforeAll(async () => {
  collector = collectSpans()
  stack = await startTestStack({ env: { all: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } } })
})
afterAll(async () => {
  await stack?.stop()
  collector[Symbol.dispose]()
})

/** Each line is a span, below the one that it must be a child of. */
const placing = `
gateway server POST /v1/orders
  orders server orders.placeOrder
    orders client carts.snapshot
      carts server carts.snapshot
        carts client catalog.quote
          catalog server catalog.quote
        carts client delivery.quoteOptions
          delivery server delivery.quoteOptions
    orders client catalog.reserveStock
      catalog server catalog.reserveStock
        catalog producer catalog.stock.changed.v1
          catalog client publish catalog.stock.changed.v1
    orders producer orders.order.received.v1
      orders client publish orders.order.received.v1
      payments consumer order-received
      carts consumer order-received
      notifications consumer order-received
        notifications internal send-email
          notifications client resend.send`

/** In the trace of the order: its workers take up what the provider's webhooks, which are requests of their own, tell. */
const paying = `
orders server orders.placeOrder
  orders producer orders.order.received.v1
    payments consumer order-received
      payments internal process-webhooks
        payments client stripe.fetch
        payments producer payments.payment.authorized.v1
          payments client publish payments.payment.authorized.v1
          orders consumer payment-authorized
  orders internal run-steps
    orders client catalog.commitReservation
      catalog server catalog.commitReservation
  orders internal run-steps
    orders client payments.capturePayment
      payments server payments.capturePayment
        payments client stripe.capture
        payments producer payments.payment.captured.v1
          payments client publish payments.payment.captured.v1
          orders consumer payment-captured
            orders producer orders.order.confirmed.v1
              orders client publish orders.order.confirmed.v1
              catalog consumer commit-confirmed-order
              delivery consumer order-confirmed
                delivery producer delivery.shipment.planned.v1
                  delivery client publish delivery.shipment.planned.v1
                  orders consumer shipment-planned
              notifications consumer order-confirmed
                notifications internal send-email
                  notifications client resend.send`

const delivering = `
delivery consumer order-confirmed
  delivery internal apply-webhooks
    delivery producer delivery.shipment.delivered.v1
      delivery client publish delivery.shipment.delivered.v1
      orders consumer shipment-delivered
        orders producer orders.order.delivered.v1
          orders client publish orders.order.delivered.v1
          notifications consumer order-delivered
            notifications internal send-email
              notifications client resend.send`

const dispatching = `
gateway server POST /v1/shipments/:shipmentId/dispatch
  delivery server delivery.dispatchShipment
    delivery client orders.getSnapshot
      orders server orders.getSnapshot
    delivery client carrier.labels.create
    delivery producer delivery.shipment.dispatched.v1
      delivery client publish delivery.shipment.dispatched.v1
      catalog consumer ship-dispatched-order
      orders consumer shipment-dispatched
        orders producer orders.order.shipped.v1
          orders client publish orders.order.shipped.v1
      notifications consumer order-shipped
        notifications internal send-email
          notifications client resend.send
        notifications internal send-sms
          notifications client twilio.send`

const place = async (headers: Record<string, string> = {}): Promise<{ shopper: Shopper; placed: Answer }> => {
  const shopper = await enter(stack.shop)
  const [product] = stack.products
  if (product === undefined) throw new Error('There is nothing to buy')
  await fillCart(stack.shop, shopper, [{ product, quantity: 1 }])
  const placed = await ask(`${stack.gatewayUrl}/v1/orders`, {
    token: shopper.token,
    body: {},
    headers: { 'idempotency-key': crypto.randomUUID(), ...headers },
  })
  expect(placed.status).toBe(201)
  return { shopper, placed }
}

const shown = ({ service, kind, name }: Span): string => `${service} ${kind} ${name}`

const traceOf = ({ headers }: Answer) => {
  const [version, traceId, spanId, flags] = headers.get('traceparent')?.split('-') ?? []
  return { version, traceId: traceId ?? '', spanId, flags }
}

/** Looks for the tree in a trace and says which edges are missing; of spans that look alike, in the one that has most. */
const missing = (spans: readonly Span[], lines: readonly string[], parentId?: string): string[] =>
  siblings(lines).flatMap(([line = '', ...below]) => {
    const wanted = line.trim()
    const isAt = (span: Span) => parentId === undefined || span.parentId === parentId
    const found = spans.filter((span) => shown(span) === wanted && isAt(span))
    const left = found.map(({ spanId }) => missing(spans, below, spanId))
    return left.toSorted((one, other) => one.length - other.length)[0] ?? [wanted, ...below]
  })

/** Cuts lines at those that are as far left as the first, each with what is below it. */
const siblings = (lines: readonly string[]): string[][] => {
  const groups: string[][] = []
  for (const line of lines) {
    const isBelow = indent(line) > indent(lines[0] ?? '')
    if (isBelow) groups.at(-1)?.push(line)
    else groups.push([line])
  }
  return groups
}

const indent = (line: string): number => line.search(/\S/)

test('one purchase is one trace: gateway, services, outbox, NATS, consumers, and the workers that take the money', async () => {
  const { shopper, placed } = await place()
  const { traceId, version, flags } = traceOf(placed)
  expect([version, flags]).toEqual(['00', '01'])
  await awaitTree(traceId, placing)
  const { id: orderId } = placed.body as Order
  await pay(stack, shopper, orderId)
  await awaitStatus(stack, { token: shopper.token, orderId }, 'confirmed')
  await awaitTree(traceId, paying)
})

test('a dispatch is one trace from the staff’s click to the customer’s telephone; what follows is the order’s again', async () => {
  const { shopper, placed } = await place()
  const { id: orderId } = placed.body as Order
  await pay(stack, shopper, orderId)
  await awaitStatus(stack, { token: shopper.token, orderId }, 'confirmed')
  const token = stack.staffToken
  await stack.shop('orders', 'prepareOrder', { orderId }, { token })
  const { id } = await until(
    'the shipment is planned',
    async () => (await stack.shop('delivery', 'listShipments', { orderId }, { token })).items[0],
  )
  const dispatched = await ask(`${stack.gatewayUrl}/v1/shipments/${id}/dispatch`, { token, body: {} })
  expect(dispatched.status).toBe(200)
  await awaitTree(traceOf(dispatched).traceId, dispatching)
  const { trackingNumber } = dispatched.body as { trackingNumber: string }
  await advanceParcel(stack.sandboxUrl, trackingNumber, 'delivered')
  await awaitStatus(stack, { token: shopper.token, orderId }, 'delivered')
  await awaitTree(traceOf(placed).traceId, delivering)
})

const awaitTree = async (traceId: string, tree: string): Promise<void> => {
  const lines = tree.trim().split('\n')
  const left = () => missing(collector.spansOf(traceId), lines)
  await until('the spans are told', () => left().length === 0 || undefined, 10_000).catch(() => undefined)
  expect(left()).toEqual([])
}

test('the answer names the gateway’s own span', async () => {
  const { placed } = await place()
  const { traceId, spanId } = traceOf(placed)
  const root = await until('the gateway has told its span', () =>
    collector.spansOf(traceId).find(({ parentId }) => parentId === undefined),
  )
  expect(root).toMatchObject({ spanId, service: 'gateway' })
})

test('a trace from outside is not continued: anybody could send one', async () => {
  const outside = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
  const { placed } = await place({ traceparent: outside, baggage: 'a=b', tracestate: 'a=b' })
  expect(traceOf(placed).traceId).not.toBe('a'.repeat(32))
  expect(collector.spansOf('a'.repeat(32))).toEqual([])
})

test('no span tells who the customer is, what the tokens are, or a secret', async () => {
  const { shopper, placed } = await place()
  const { id: orderId } = placed.body as Order
  await pay(stack, shopper, orderId)
  await awaitStatus(stack, { token: shopper.token, orderId }, 'confirmed')
  const last = traceOf(await ask(`${stack.gatewayUrl}/v1/cart`, { token: shopper.token })).traceId
  await until('the last span is told', () => collector.spansOf(last)[0])
  const told = collector.received.join('\n')
  const hidden = [
    shopper.contact.email,
    shopper.contact.phone,
    'Ada Lovelace',
    'St James',
    shopper.token.split('.')[2] ?? '',
    stack.admin.password,
    ...Object.values(stack.secrets),
  ]
  for (const secret of hidden) {
    expect(secret.length).toBeGreaterThan(5)
    expect(told).not.toContain(secret)
  }
})

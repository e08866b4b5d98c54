import type { Transaction } from '@comptoir/service-kit/database'
import { statement } from '@comptoir/service-kit/prepared'
import { currentTraceparent } from '@comptoir/service-kit/telemetry'
import { sql } from 'drizzle-orm'
import type { OrderState } from '../domain/order.ts'
import { firstSteps, type PurchaseStep, purchaseSteps } from '../domain/steps.ts'
import { hashOf, operationOf } from './order-rows.ts'

interface Placed {
  readonly order: OrderState
  readonly historyId: string
  readonly paymentTimeoutMinutes: number
}

/**
 * Writes an order with its lines, its steps and its first history row in one round trip, and answers the number it got.
 * Undefined, and nothing written, when the cart has an order already.
 */
export const insertOrder = async (tx: Transaction, placed: Placed): Promise<string | undefined> => {
  const { order } = placed
  const [row] = await insert(tx, {
    ...order,
    historyId: placed.historyId,
    paymentTimeoutMinutes: placed.paymentTimeoutMinutes,
    ownerKind: order.owner.kind,
    ownerId: order.owner.id,
    contact: JSON.stringify(order.contact),
    address: JSON.stringify(order.address),
    deliveryOption: JSON.stringify(order.deliveryOption),
    currency: order.totals.currency,
    subtotal: order.totals.subtotal.amountMinor,
    delivery: order.totals.delivery.amountMinor,
    tax: order.totals.tax.amountMinor,
    total: order.totals.total.amountMinor,
    lines: linesJson(order),
    steps: stepsJson(order),
    traceparent: currentTraceparent() ?? null,
  })
  return row?.number
}

const the = sql.placeholder

const insert = statement<{ number: string }>(sql`
    with placed as (
      insert into orders (
        id, owner_kind, owner_id, cart_id, cart_version, status, payment_status, delivery_status, contact, address,
        delivery_option, currency, subtotal_minor, delivery_minor, tax_minor, total_minor, version, placed_at, updated_at)
      values (
        ${the('id')}, ${the('ownerKind')}, ${the('ownerId')}, ${the('cartId')}, ${the('cartVersion')},
        ${the('status')}, ${the('paymentStatus')}, ${the('deliveryStatus')}, ${the('contact')}, ${the('address')},
        ${the('deliveryOption')}, ${the('currency')}, ${the('subtotal')}, ${the('delivery')}, ${the('tax')},
        ${the('total')}, ${the('version')}, ${the('placedAt')}, ${the('updatedAt')})
      on conflict do nothing
      returning id, number
    ), lines as (
      insert into order_lines (
        order_id, position, variant_id, product_id, sku, name, quantity, unit_price_minor, total_minor, tax_class,
        tax_minor)
      select placed.id, line.* from placed, jsonb_to_recordset(${the('lines')}::jsonb) as line(
        position int, variant uuid, product uuid, sku text, name text, quantity int, unit bigint, total bigint,
        class text, tax bigint)
    ), steps as (
      insert into order_steps (order_id, name, attempt, state, op_id, input_hash, traceparent, run_at, deadline_at)
      select
        placed.id, step.name, 1, step.state, step.operation, step.input, ${the('traceparent')}::text, due.at, due.at
      from placed
      cross join jsonb_to_recordset(${the('steps')}::jsonb) as step(name text, state text, operation uuid, input text)
      left join lateral (
        select now() + make_interval(mins => ${the('paymentTimeoutMinutes')}) as at
        where step.name = 'authorise-payment'
      ) due on true
    ), history as (
      insert into status_history (id, order_id, kind, status, actor, at)
      select ${the('historyId')}::uuid, placed.id, 'order', ${the('status')}, 'customer', ${the('placedAt')}::timestamptz
      from placed
    )
    select number from placed`)

const linesJson = (order: OrderState): string =>
  JSON.stringify(
    order.lines.map((line, position) => ({
      position,
      variant: line.variantId,
      product: line.productId,
      sku: line.sku,
      name: line.name,
      quantity: line.quantity,
      unit: line.unitPrice.amountMinor,
      total: line.total.amountMinor,
      class: line.taxClass,
      tax: line.tax.amountMinor,
    })),
  )

const stepsJson = (order: OrderState): string =>
  JSON.stringify(
    purchaseSteps.map((name) => ({
      name,
      state: firstSteps[name],
      operation: operationOf(order.id, name, 1),
      input: inputHash(order, name),
    })),
  )

const inputHash = (order: OrderState, name: PurchaseStep): string =>
  hashOf(
    name === 'reserve-stock'
      ? order.lines.map(({ variantId, quantity }) => [variantId, quantity])
      : [order.id, order.totals.total],
  )

import type { Transaction } from '@comptoir/service-kit/database'
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
  const { order, historyId } = placed
  const rows = await tx.execute<{ number: string }>(sql`
    with placed as (
      insert into orders (
        id, owner_kind, owner_id, cart_id, cart_version, status, payment_status, delivery_status, contact, address,
        delivery_option, currency, subtotal_minor, delivery_minor, tax_minor, total_minor, version, placed_at, updated_at)
      values (
        ${order.id}, ${order.owner.kind}, ${order.owner.id}, ${order.cartId}, ${order.cartVersion}, ${order.status},
        ${order.paymentStatus}, ${order.deliveryStatus}, ${JSON.stringify(order.contact)},
        ${JSON.stringify(order.address)}, ${JSON.stringify(order.deliveryOption)}, ${order.totals.currency},
        ${order.totals.subtotal.amountMinor}, ${order.totals.delivery.amountMinor}, ${order.totals.tax.amountMinor},
        ${order.totals.total.amountMinor}, ${order.version}, ${order.placedAt}, ${order.updatedAt})
      on conflict do nothing
      returning id, number
    ), lines as (
      insert into order_lines (
        order_id, position, variant_id, product_id, sku, name, quantity, unit_price_minor, total_minor, tax_class,
        tax_minor)
      select placed.id, line.* from placed, jsonb_to_recordset(${linesJson(order)}::jsonb) as line(
        position int, variant uuid, product uuid, sku text, name text, quantity int, unit bigint, total bigint,
        class text, tax bigint)
    ), steps as (
      insert into order_steps (order_id, name, attempt, state, op_id, input_hash, traceparent, run_at, deadline_at)
      select
        placed.id, step.name, 1, step.state, step.operation, step.input, ${currentTraceparent() ?? null}::text, due.at, due.at
      from placed
      cross join jsonb_to_recordset(${stepsJson(order)}::jsonb) as step(name text, state text, operation uuid, input text)
      left join lateral (
        select now() + make_interval(mins => ${placed.paymentTimeoutMinutes}) as at
        where step.name = 'authorise-payment'
      ) due on true
    ), history as (
      insert into status_history (id, order_id, kind, status, actor, at)
      select ${historyId}::uuid, placed.id, 'order', ${order.status}, 'customer', ${order.placedAt}::timestamptz
      from placed
    )
    select number from placed`)
  return rows[0]?.number
}

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

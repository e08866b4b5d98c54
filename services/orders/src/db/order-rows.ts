import type { OrderId } from '@comptoir/contracts/ids'
import type { OrderLine } from '@comptoir/contracts/orders/model'
import { sql } from 'drizzle-orm'
import type { OrderState } from '../domain/order.ts'
import { orders } from './schema.ts'

interface LineRow {
  variantId: OrderLine['variantId']
  productId: OrderLine['productId']
  sku: string
  name: string
  quantity: number
  unitPriceMinor: number
  totalMinor: number
  taxClass: OrderLine['taxClass']
  taxMinor: number
}

/** The columns of a whole order; its lines come along as JSON, so that one statement reads it. */
export const orderColumns = {
  id: orders.id,
  number: orders.number,
  ownerKind: orders.ownerKind,
  ownerId: orders.ownerId,
  cartId: orders.cartId,
  cartVersion: orders.cartVersion,
  status: orders.status,
  paymentStatus: orders.paymentStatus,
  deliveryStatus: orders.deliveryStatus,
  attention: orders.attention,
  contact: orders.contact,
  address: orders.address,
  deliveryOption: orders.deliveryOption,
  currency: orders.currency,
  subtotalMinor: orders.subtotalMinor,
  deliveryMinor: orders.deliveryMinor,
  taxMinor: orders.taxMinor,
  totalMinor: orders.totalMinor,
  cancelReason: orders.cancelReason,
  version: orders.version,
  moneyReturned: orders.moneyReturned,
  paymentVersion: orders.paymentVersion,
  deliveryVersion: orders.deliveryVersion,
  placedAt: orders.placedAt,
  updatedAt: orders.updatedAt,
  lines: sql<LineRow[]>`(
    select json_agg(json_build_object(
      'variantId', l.variant_id, 'productId', l.product_id, 'sku', l.sku, 'name', l.name,
      'quantity', l.quantity, 'unitPriceMinor', l.unit_price_minor, 'totalMinor', l.total_minor,
      'taxClass', l.tax_class, 'taxMinor', l.tax_minor) order by l.position)
    from order_lines l where l.order_id = orders.id)`,
}

type OrderRow = Omit<OrderState, 'owner' | 'totals' | 'lines' | 'placedAt' | 'updatedAt'> & {
  ownerKind: OrderState['owner']['kind']
  ownerId: string
  currency: string
  subtotalMinor: number
  deliveryMinor: number
  taxMinor: number
  totalMinor: number
  placedAt: Date
  updatedAt: Date
  lines: LineRow[] | null
}

export const orderFromRow = (row: OrderRow): OrderState => {
  const price = (amountMinor: number) => ({ amountMinor, currency: row.currency })
  return {
    id: row.id,
    number: row.number,
    owner: { kind: row.ownerKind, id: row.ownerId },
    cartId: row.cartId,
    cartVersion: row.cartVersion,
    status: row.status,
    paymentStatus: row.paymentStatus,
    deliveryStatus: row.deliveryStatus,
    attention: row.attention,
    lines: (row.lines ?? []).map(({ unitPriceMinor, totalMinor, taxMinor, ...line }) => ({
      ...line,
      unitPrice: price(unitPriceMinor),
      total: price(totalMinor),
      tax: price(taxMinor),
    })),
    totals: totalsOf(row),
    contact: row.contact,
    address: row.address,
    deliveryOption: row.deliveryOption,
    cancelReason: row.cancelReason,
    version: row.version,
    moneyReturned: row.moneyReturned,
    paymentVersion: row.paymentVersion,
    deliveryVersion: row.deliveryVersion,
    placedAt: row.placedAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }
}

type TotalsRow = Pick<OrderRow, 'currency' | 'subtotalMinor' | 'deliveryMinor' | 'taxMinor' | 'totalMinor'>

export const totalsOf = (row: TotalsRow): OrderState['totals'] => {
  const price = (amountMinor: number) => ({ amountMinor, currency: row.currency })
  return {
    currency: row.currency,
    subtotal: price(row.subtotalMinor),
    delivery: price(row.deliveryMinor),
    tax: price(row.taxMinor),
    total: price(row.totalMinor),
  }
}

/** A step's operation id: RFC 9562 version 5, so that every try of it carries the same one. */
export const operationOf = (orderId: OrderId, name: string, attempt: number): string =>
  Bun.randomUUIDv5(`${name}#${attempt}`, orderId)

/** Tells whether a step was asked the same before. */
export const hashOf = (input: unknown): string =>
  new Bun.CryptoHasher('sha256').update(JSON.stringify(input)).digest('hex')

import type { NewProduct, StockLine } from '@comptoir/contracts/catalog/model'
import { OrderId, type VariantId } from '@comptoir/contracts/ids'
import { systemIds } from '@comptoir/service-kit/ids'
import { serviceActor, staffActor } from '@comptoir/service-kit/testing/actors'
import { startTestService } from '@comptoir/service-kit/testing/service'
import { app } from '../src/app.ts'
import { expireReservations } from '../src/workers/expire-reservations.ts'

export type Catalog = Awaited<ReturnType<typeof startCatalog>>

/** The real service, and its callers: a member of staff, and the service orders. */
export const startCatalog = async () => {
  const service = await startTestService(app({ RESERVATION_MINUTES: 15 }))
  const staff = service.as(staffActor())
  return {
    service,
    staff,
    orders: service.as(serviceActor('orders')),
    /** A product with one variant and so many units. */
    stocked: async (onHand: number, over: Partial<NewProduct> = {}) => {
      const sku = `SKU-${systemIds.next().slice(-12)}`
      const price = { amountMinor: 250, currency: 'GBP' }
      return staff.createProduct({ name: `Mug ${sku}`, variants: [{ sku, price, onHand }], ...over })
    },
    variantOf: (product: { variants: readonly { id: VariantId }[] }): VariantId => first(product.variants).id,
    /** Makes a hold due, as if its minutes had passed. */
    makeDue: (orderId: OrderId) =>
      service.sql`update reservations set expires_at = now() - interval '1 second' where order_id = ${orderId}`,
    /** One run of the sweeper. */
    expire: () => expireReservations.run(service.context, new AbortController().signal),
  }
}

export const newOrder = (): OrderId => OrderId.parse(systemIds.next())

export const oneOf = (variantId: VariantId, quantity = 1): StockLine[] => [{ variantId, quantity }]

/** The first of a list that must not be empty. */
export const first = <T>(items: readonly T[]): T => {
  const [item] = items
  if (item === undefined) throw new Error('The list is empty')
  return item
}

/** The code of the error that a call is refused with, and what it carries. */
export const refusal = async (call: Promise<unknown>): Promise<{ code: unknown; data: unknown }> => {
  try {
    await call
  } catch (error) {
    return error instanceof Error && 'code' in error && 'data' in error
      ? { code: error.code, data: error.data }
      : { code: String(error), data: undefined }
  }
  throw new Error('The call was not refused')
}

/** Variants whose level is not the sum of their movements, or whose allocation is not that of their open reservations. */
export const imbalances = ({ service }: Pick<Catalog, 'service'>) => service.sql`
  select l.variant_id, l.on_hand, l.allocated, m.on_hand as moved, m.allocated as moved_allocated, r.open
  from stock_levels l
  left join (
    select variant_id,
      sum(case when kind = 'shipped' then -quantity when kind in ('allocated', 'released') then 0 else quantity end)::int as on_hand,
      sum(case kind when 'allocated' then quantity when 'released' then -quantity when 'shipped' then -quantity else 0 end)::int as allocated
    from stock_movements group by variant_id
  ) m using (variant_id)
  left join (
    select variant_id, sum(quantity)::int as open from reservation_lines join reservations using (order_id)
    where state in ('held', 'committed') group by variant_id
  ) r using (variant_id)
  where l.on_hand <> coalesce(m.on_hand, 0) or l.allocated <> coalesce(m.allocated, 0)
    or l.allocated <> coalesce(r.open, 0)`

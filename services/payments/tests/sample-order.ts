import type { Actor } from '@comptoir/contracts/access'
import type { CartId, OrderId } from '@comptoir/contracts/ids'
import type { OrderSnapshot } from '@comptoir/contracts/orders/model'
import { systemIds } from '@comptoir/service-kit/ids'

let placed = 1_000

/** An order somebody has just placed. */
export const sampleOrder = (
  owner: Actor,
  { totalMinor = 2_500 }: { totalMinor?: number } = {},
): OrderSnapshot => {
  const price = (amountMinor: number) => ({ amountMinor, currency: 'GBP' })
  placed += 1
  return {
    id: systemIds.next<OrderId>(),
    number: `C-${placed}`,
    status: 'received',
    paymentStatus: 'unpaid',
    deliveryStatus: 'none',
    lines: [],
    totals: {
      currency: 'GBP',
      subtotal: price(totalMinor),
      delivery: price(0),
      tax: price(0),
      total: price(totalMinor),
    },
    contact: { email: 'ada@example.com', locale: 'en' },
    address: {
      name: 'Ada Lovelace',
      line1: '12 St James’s Square',
      city: 'London',
      postalCode: 'SW1Y 4JH',
      country: 'GB',
    },
    deliveryOption: { code: 'standard', name: 'Standard', price: price(0), daysMin: 2, daysMax: 4 },
    cancelReason: null,
    version: 1,
    owner: { kind: owner.kind === 'customer' ? 'customer' : 'guest', id: owner.id },
    cartId: systemIds.next<CartId>(),
    cartVersion: 1,
  }
}

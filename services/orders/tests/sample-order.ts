import type { CartId, OrderId, ProductId, VariantId } from '@comptoir/contracts/ids'
import type { OrderState } from '../src/domain/order.ts'

const price = (amountMinor: number) => ({ amountMinor, currency: 'GBP' })

/** An order as it has just been placed, with what a test wants different. */
export const sampleOrder = (different: Partial<OrderState> = {}): OrderState => ({
  id: '0192f0c1-0000-7000-8000-000000000001' as OrderId,
  number: 'C-1001',
  owner: { kind: 'guest', id: '0192f0c1-0000-7000-8000-000000000002' },
  cartId: '0192f0c1-0000-7000-8000-000000000003' as CartId,
  cartVersion: 3,
  status: 'received',
  paymentStatus: 'unpaid',
  deliveryStatus: 'none',
  attention: null,
  lines: [
    {
      variantId: '0192f0c1-0000-7000-8000-000000000004' as VariantId,
      productId: '0192f0c1-0000-7000-8000-000000000005' as ProductId,
      sku: 'CANDLE',
      name: 'Candle',
      quantity: 2,
      unitPrice: price(500),
      total: price(1000),
      taxClass: 'standard',
      tax: price(167),
    },
  ],
  totals: {
    currency: 'GBP',
    subtotal: price(1000),
    delivery: price(395),
    tax: price(233),
    total: price(1395),
  },
  contact: { email: 'ada@example.com' },
  address: { name: 'Ada', line1: '1 High Street', city: 'London', postalCode: 'N1 1AA', country: 'GB' },
  deliveryOption: { code: 'standard', name: 'Standard', price: price(395), daysMin: 2, daysMax: 4 },
  cancelReason: null,
  version: 1,
  moneyReturned: false,
  paymentVersion: 0,
  deliveryVersion: 0,
  placedAt: '2026-11-01T10:00:00.000Z',
  updatedAt: '2026-11-01T10:00:00.000Z',
  ...different,
})

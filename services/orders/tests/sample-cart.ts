import type { Cart } from '@comptoir/contracts/carts/model'
import type { CartId } from '@comptoir/contracts/ids'
import { systemIds } from '@comptoir/service-kit/ids'
import { sampleOrder } from './sample-order.ts'

/** A cart of its own that is ready to be ordered, with what a test wants different. */
export const sampleCart = (different: Partial<Cart> = {}): Cart => {
  const { cartVersion, lines, contact, address, deliveryOption, totals } = sampleOrder()
  return {
    id: systemIds.next<CartId>(),
    version: cartVersion,
    lines: lines.map((line) => ({ ...line, imageUrl: null })),
    contact,
    address,
    deliveryOption,
    totals,
    problems: [],
    ...different,
  }
}

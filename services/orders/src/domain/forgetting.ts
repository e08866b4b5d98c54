import { attentions } from './attention.ts'
import { isPaid, type OrderState } from './order.ts'

export interface Ending extends Pick<
  OrderState,
  'status' | 'paymentStatus' | 'deliveryStatus' | 'attention' | 'moneyReturned'
> {
  /** For how many days nothing has been heard of it. */
  readonly quietDays: number
}

/** What a provider promised without taking it lapses within this. */
const promiseDays = 30

/**
 * Whether an order of somebody who was erased is over for good, so that nobody needs to know any more whom it went to: the
 * goods have arrived or will never come, and no money of it will move that the customer has to be told of.
 */
export const isForgettable = (order: Ending): boolean => {
  if (order.status === 'cancelled') return isGivenBack(order)
  if (order.status === 'delivered') return order.paymentStatus === 'refunded' || isKept(order)
  // A parcel that is lost arrives nowhere; until its money is back somebody has to settle it with the customer.
  return order.status === 'shipped' && order.deliveryStatus === 'failed' && order.paymentStatus === 'refunded'
}

/**
 * That an order is unpaid says little: its customer may be paying at this moment. So payments has the last word, or time,
 * should that word have been lost; but money that nobody understands waits for a person.
 */
const isGivenBack = ({ paymentStatus, moneyReturned, attention, quietDays }: Ending): boolean => {
  if (paymentStatus === 'refunded') return true
  if (paymentStatus !== 'unpaid' && paymentStatus !== 'failed') return false
  return moneyReturned || (quietDays >= promiseDays && attention !== attentions.amountMismatch)
}

const isKept = (order: Ending): boolean => isPaid(order) && order.attention !== attentions.amountMismatch

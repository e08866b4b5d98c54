import type { OrderStatus } from '@comptoir/contracts/orders/model'

/** Why a person has to look at an order, in words for staff. */
export const attentions = {
  stockNotCommitted: 'The stock could not be committed yet; it is tried again.',
  moneyNotTaken: 'The money could not be taken yet; it is tried again.',
  amountMismatch: 'The payment provider names another amount than the order.',
  notCancelled: 'The order could not be cancelled yet; it is tried again.',
  moneyGivenBack: 'The money was given back, but the order was not cancelled.',
  leftUnprepared: 'The shipment left although the order was not prepared.',
  deliveryFailed: 'The carrier could not deliver.',
  shipmentCancelled: 'The shipment was cancelled, but the order was not.',
} as const
export type Attention = (typeof attentions)[keyof typeof attentions]

/** The worries that reaching a status puts to rest. */
const settled: Partial<Record<OrderStatus, readonly string[]>> = {
  confirmed: [attentions.stockNotCommitted, attentions.moneyNotTaken],
  shipped: [attentions.notCancelled],
  delivered: [attentions.deliveryFailed],
  cancelled: [
    attentions.stockNotCommitted,
    attentions.moneyNotTaken,
    attentions.notCancelled,
    attentions.moneyGivenBack,
    attentions.shipmentCancelled,
  ],
}

export const attentionAfter = (attention: string | null, status: OrderStatus): string | null =>
  attention !== null && settled[status]?.includes(attention) ? null : attention

import type { ReservationState } from '@comptoir/contracts/catalog/model'

/**
 * From held on, units are allocated until the reservation is released, expired or shipped. An expired one may take its
 * units again when the money came late. Released is final, and also stands for an order that was given up before it reserved.
 */
export const transitions = {
  held: ['committed', 'released', 'expired'],
  committed: ['released', 'shipped'],
  expired: ['committed', 'released'],
  released: [],
  shipped: [],
} as const satisfies Record<ReservationState, readonly ReservationState[]>

/** What repeating `reserve` answers: an ended reservation is never opened again by it. */
export const isClosed = (state: ReservationState): boolean => state === 'released' || state === 'expired'

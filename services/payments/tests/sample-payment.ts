import type { OrderId, PaymentId } from '@comptoir/contracts/ids'
import type { Movement } from '../src/domain/movement.ts'
import type { PaymentRecord } from '../src/domain/payment.ts'
import type { ProviderSnapshot } from '../src/domain/snapshot.ts'

export const samplePayment = (given: Partial<PaymentRecord> = {}): PaymentRecord => ({
  id: '01990000-0000-7000-8000-000000000001' as PaymentId,
  orderId: '01990000-0000-7000-8000-000000000002' as OrderId,
  orderNumber: 'C-1042',
  ownerKind: 'guest',
  ownerId: '01990000-0000-7000-8000-000000000003',
  contact: { email: 'ada@example.com', locale: 'en' },
  traceparent: null,
  provider: 'stripe',
  providerRef: null,
  amountMinor: 2_500,
  currency: 'GBP',
  status: 'open',
  authorizedMinor: 0,
  capturedMinor: 0,
  refundedMinor: 0,
  refundToldMinor: 0,
  failure: null,
  orderCancelled: false,
  watched: false,
  version: 0,
  createdAt: new Date('2026-01-05T10:00:00Z'),
  ...given,
})

export const movement = (
  object: string,
  kind: Movement['kind'],
  given: Partial<Movement> = {},
): Movement => ({
  object,
  kind,
  outcome: 'succeeded',
  amountMinor: 2_500,
  at: '2026-01-05T10:01:00.000Z',
  code: null,
  operation: null,
  ...given,
})

export const snapshotWith = (
  movements: readonly Movement[],
  given: Partial<ProviderSnapshot> = {},
): ProviderSnapshot => ({
  ref: 'pi_1',
  paymentId: samplePayment().id,
  amountMinor: 2_500,
  currency: 'GBP',
  movements,
  raw: {},
  ...given,
})

const declined = (object: string, code: string, at: string) =>
  movement(object, 'authorization', { outcome: 'failed', code, at })
const authorized = movement('pi_1', 'authorization')
const captured = movement('ch_1', 'capture')
const voided = movement('pi_1', 'void')
const refund = (object: string, outcome: Movement['outcome'], amountMinor = 2_500) =>
  movement(object, 'refund', { outcome, amountMinor })

/** What a provider shows over time, oldest first. */
export const histories: Readonly<Record<string, readonly ProviderSnapshot[]>> = {
  unpaid: [snapshotWith([])],
  captured: [snapshotWith([]), snapshotWith([authorized]), snapshotWith([authorized, captured])],
  'declined twice, then captured': [
    snapshotWith([]),
    snapshotWith([declined('ch_a', 'INSUFFICIENT_FUNDS', '2026-01-05T10:00:10.000Z')]),
    snapshotWith([declined('ch_b', 'GENERIC_DECLINE', '2026-01-05T10:00:20.000Z')]),
    snapshotWith([authorized]),
    snapshotWith([authorized, captured]),
  ],
  'declined twice': [
    snapshotWith([]),
    snapshotWith([declined('ch_a', 'INSUFFICIENT_FUNDS', '2026-01-05T10:00:10.000Z')]),
    snapshotWith([declined('ch_b', 'GENERIC_DECLINE', '2026-01-05T10:00:20.000Z')]),
  ],
  'voided unpaid': [snapshotWith([]), snapshotWith([voided])],
  'voided authorized': [snapshotWith([]), snapshotWith([authorized]), snapshotWith([authorized, voided])],
  'refunded slowly': [
    snapshotWith([]),
    snapshotWith([authorized]),
    snapshotWith([authorized, captured]),
    snapshotWith([authorized, captured, refund('re_1', 'requested')]),
    snapshotWith([authorized, captured, refund('re_1', 'succeeded')]),
  ],
  'refunded in two parts': [
    snapshotWith([authorized]),
    snapshotWith([authorized, captured]),
    snapshotWith([authorized, captured, refund('re_1', 'succeeded', 1_000)]),
    snapshotWith([
      authorized,
      captured,
      refund('re_1', 'succeeded', 1_000),
      refund('re_2', 'succeeded', 1_500),
    ]),
  ],
  'a refund came back and was made again': [
    snapshotWith([authorized, captured]),
    snapshotWith([authorized, captured, refund('re_1', 'succeeded')]),
    snapshotWith([authorized, captured, refund('re_1', 'failed')]),
    snapshotWith([authorized, captured, refund('re_1', 'failed'), refund('re_2', 'succeeded')]),
  ],
  'another amount, then let go': [
    snapshotWith([]),
    snapshotWith([movement('pi_1', 'authorization', { amountMinor: 9_900 })], { amountMinor: 9_900 }),
    snapshotWith([movement('pi_1', 'authorization', { amountMinor: 9_900 }), voided], { amountMinor: 9_900 }),
  ],
}

import { AMOUNT_MISMATCH } from '@comptoir/contracts/payments/model'
import { advance, type Advanced } from './advance.ts'
import type { Movement } from './movement.ts'
import type { PaymentRecord } from './payment.ts'
import type { ProviderSnapshot } from './snapshot.ts'

/**
 * What a payment becomes when the provider's view of it is heard: any order and any repetition of snapshots ends the same.
 * A snapshot of another amount is not believed: the payment stays where it is and waits for a person.
 */
export const applySnapshot = (
  payment: PaymentRecord,
  log: readonly Movement[],
  snapshot: ProviderSnapshot,
): Advanced => {
  if (isAnother(payment, snapshot)) throw new Error(`The intent ${snapshot.ref} belongs to another payment`)
  if (fits(payment, snapshot)) {
    return advance(payment, log, { movements: snapshot.movements, providerRef: snapshot.ref })
  }
  const voids = snapshot.movements.filter((movement) => movement.kind === 'void')
  return advance(payment, log, {
    movements: [mismatch(payment, snapshot), ...voids],
    providerRef: snapshot.ref,
  })
}

const isAnother = (payment: PaymentRecord, snapshot: ProviderSnapshot): boolean =>
  (snapshot.paymentId !== null && snapshot.paymentId !== payment.id) ||
  (payment.providerRef !== null && payment.providerRef !== snapshot.ref)

const fits = (payment: PaymentRecord, snapshot: ProviderSnapshot): boolean =>
  snapshot.currency === payment.currency &&
  snapshot.amountMinor === payment.amountMinor &&
  snapshot.movements.every((movement) => movement.amountMinor <= payment.amountMinor)

const mismatch = (payment: PaymentRecord, snapshot: ProviderSnapshot): Movement => ({
  object: `${snapshot.ref}/amount`,
  kind: 'authorization',
  outcome: 'failed',
  amountMinor: snapshot.amountMinor,
  at: payment.createdAt.toISOString(),
  code: AMOUNT_MISMATCH,
  operation: null,
})

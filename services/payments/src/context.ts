import type { orders } from '@comptoir/contracts/orders/procedures'
import type { PaymentProvider } from '@comptoir/contracts/payments/model'
import type { Client } from '@comptoir/service-kit/client'
import type { ServiceContext } from '@comptoir/service-kit/context'
import type { Transaction } from '@comptoir/service-kit/database'
import type { Provider } from './providers/provider.ts'
import type { SingleFlight } from './single-flight.ts'

export interface Context extends ServiceContext {
  readonly clients: { readonly orders: Pick<Client<typeof orders>, 'getSnapshot'> }
  readonly providers: Readonly<Record<PaymentProvider, Provider>>
  readonly stripePublishableKey: string
  readonly reconcileSeconds: number
  /** How long whoever calls the provider has that to himself. */
  readonly operationLeaseMs: number
  /** Keeps this process from asking a provider the same thing twice at once. */
  readonly once: SingleFlight
}

/** A step of a procedure, consumer or worker, inside its transaction. */
export interface Work {
  readonly ctx: Context
  readonly tx: Transaction
}

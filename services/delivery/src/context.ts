import type { orders } from '@comptoir/contracts/orders/procedures'
import type { Client } from '@comptoir/service-kit/client'
import type { ServiceContext } from '@comptoir/service-kit/context'
import type { Secret } from '@comptoir/service-kit/secret'
import type { Carrier } from './providers/carrier.ts'

export interface Context extends ServiceContext {
  readonly clients: { readonly orders: Client<typeof orders> }
  readonly carrier: Carrier
  readonly webhookSecret: Secret
  readonly dispatchLeaseMs: number
  readonly reconcileMs: number
}

import type { carts } from '@comptoir/contracts/carts/procedures'
import type { catalog } from '@comptoir/contracts/catalog/procedures'
import type { delivery } from '@comptoir/contracts/delivery/procedures'
import type { payments } from '@comptoir/contracts/payments/procedures'
import type { Client } from '@comptoir/service-kit/client'
import type { ServiceContext } from '@comptoir/service-kit/context'
import type { Watchers } from './watchers.ts'

export interface Context extends ServiceContext {
  readonly clients: {
    readonly carts: Pick<Client<typeof carts>, 'snapshot'>
    readonly catalog: Pick<
      Client<typeof catalog>,
      'reserveStock' | 'commitReservation' | 'releaseReservation'
    >
    readonly payments: Pick<Client<typeof payments>, 'capturePayment'>
    readonly delivery: Pick<Client<typeof delivery>, 'cancelShipment'>
  }
  readonly limits: {
    readonly paymentTimeoutMinutes: number
    readonly stepLeaseMs: number
    readonly stepRetryMaxMs: number
    readonly stepPatienceMinutes: number
  }
  /** Names this process in the leases it takes. */
  readonly instance: string
  readonly watchers: Watchers
}

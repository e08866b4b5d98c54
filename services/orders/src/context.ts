import type { carts } from '@comptoir/contracts/carts/procedures'
import type { catalog } from '@comptoir/contracts/catalog/procedures'
import type { delivery } from '@comptoir/contracts/delivery/procedures'
import type { payments } from '@comptoir/contracts/payments/procedures'
import type { Client } from '@comptoir/service-kit/client'
import type { ShopSettings } from '@comptoir/contracts/settings'
import type { ServiceContext } from '@comptoir/service-kit/context'
import type { LiveSettings } from '@comptoir/service-kit/settings'
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
    readonly stepLeaseMs: number
    readonly stepRetryMaxMs: number
    readonly stepPatienceMinutes: number
  }
  readonly settings: Pick<LiveSettings<ShopSettings>, 'get'>
  /** Names this process in the leases it takes. */
  readonly instance: string
  readonly watchers: Watchers
}

import type { catalog } from '@comptoir/contracts/catalog/procedures'
import type { delivery } from '@comptoir/contracts/delivery/procedures'
import type { Client } from '@comptoir/service-kit/client'
import type { ServiceContext } from '@comptoir/service-kit/context'
import type { CartQueries } from './db/carts.ts'

export interface Context extends ServiceContext {
  readonly clients: { readonly catalog: Client<typeof catalog>; readonly delivery: Client<typeof delivery> }
  readonly queries: CartQueries
}

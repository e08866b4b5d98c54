import type { InputOf } from '@comptoir/contracts/contract'
import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Call } from '@comptoir/service-kit/context'
import type { Context } from '../context.ts'
import type { ProviderSignIn } from '../db/provider-sign-ins.ts'
import type { Claims } from '../domain/provider-claims.ts'
import type { Provider } from './providers.ts'

/** The context of who ends a trip to a provider. */
export type Finishing = Context & Call<typeof identity.finishProviderSignIn>

/** Somebody who has come back, and what the provider says of them. */
export interface Returned {
  readonly trip: ProviderSignIn
  readonly provider: Provider
  readonly claims: Claims
  readonly session: InputOf<typeof identity.finishProviderSignIn>['session']
}

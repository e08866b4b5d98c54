import type { ServiceContext } from '@comptoir/service-kit/context'

export interface Context extends ServiceContext {
  readonly reservationMinutes: number
}

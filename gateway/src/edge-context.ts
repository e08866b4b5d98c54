/** What a request carries on its way through the gateway. */
import type { Actor } from '@comptoir/contracts/access'
import type { HttpBindings } from './bindings.ts'

interface EdgeVariables {
  requestId: string
  /** Made of the credential; anonymous without one. */
  actor: Actor
  /** `performance.now()` at which the answer is due. */
  deadlineAt: number
}

export interface EdgeEnv {
  Bindings: HttpBindings
  Variables: EdgeVariables
}

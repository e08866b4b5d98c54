/** What a request carries on its way through the gateway. */
import type { Actor } from '@comptoir/contracts/access'
import type { ServiceError } from '@comptoir/contracts/errors'
import type { HttpBindings } from './bindings.ts'
import type { KnownSession } from './credentials/browser-sessions.ts'
import type { Asked } from './protection/asked.ts'
import type { Place } from './protection/place.ts'

interface EdgeVariables {
  /** What is wrong with the request whatever it asks for. */
  fault: ServiceError | undefined
  requestId: string
  /** Made of the credential; anonymous without one. */
  actor: Actor
  /** Where the credential is a browser’s cookie. */
  browserSession: KnownSession | undefined
  /** `performance.now()` at which the answer is due. */
  deadlineAt: number
  /** What the client is counted by where it is not known who asks: its address, or its network. */
  client: string
  /** Comes true when the last line of a batch has been told, where it is told line by line. */
  told: Promise<void> | undefined
  /** What the request is for, as far as its address tells. */
  asked: Asked
  /** Among the requests under way; absent where nobody is refused for want of room. */
  place: Place | undefined
}

export interface EdgeEnv {
  Bindings: HttpBindings
  Variables: EdgeVariables
}

/** What is running now: which procedure, consumer or worker, for whom and until when. Follows every await. */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Actor } from '@comptoir/contracts/access'

export interface Scope {
  /** Name of the procedure, consumer or worker; labels crash points and spans. */
  readonly label: string
  /** On whose behalf; absent where the service acts by itself. */
  readonly actor?: Actor
  /** Moment (in `performance.now()` milliseconds) by which the answer must be there. */
  readonly deadlineAt?: number
  /** Whoever asked asks again where this fails: what it asks of others is not repeated too. */
  readonly isRepeated?: boolean
  /** Set while a transaction of this scope is open: what is to run once it has committed. */
  readonly afterCommit?: (() => void)[]
}

const storage = new AsyncLocalStorage<Scope>()

/** The scope of the running code, if it was started in one. */
export const currentScope = (): Scope | undefined => storage.getStore()

/** Runs work in a scope; everything it awaits sees the scope too. */
export const runInScope = <T>(scope: Scope, work: () => T): T => storage.run(scope, work)

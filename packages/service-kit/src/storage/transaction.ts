/** One unit of work: READ COMMITTED, retried where the server asks for it, with hooks that run once it has committed. */
import { commonError } from '@comptoir/contracts/errors'
import { sql } from 'drizzle-orm'
import { crashPoint, hasCrashPoints } from '../crash-points.ts'
import { isRetryable, serviceErrorOf } from './database-errors.ts'
import type { Database, Transact, Transaction } from '../database.ts'
import { currentScope, runInScope, type Scope } from '../scope.ts'

const attemptsMax = 4

/**
 * Makes the function that runs transactions on a pool. Work may run up to four times and must have no effect outside of
 * its transaction. Throws UNAVAILABLE when the database cannot be reached or has no time; whether a commit happened is
 * unknown then. A transaction inside a transaction is a programming error.
 */
export const createTransact = (pool: Database): Transact => {
  return async (work) => {
    const outer = currentScope()
    if (outer?.afterCommit !== undefined)
      throw new Error('A transaction is open already: pass `tx` on instead')
    for (let attempt = 1; ; attempt += 1) {
      const hooks: (() => void)[] = []
      const outcome = await once(pool, { label: 'none', ...outer, afterCommit: hooks }, work).catch(
        (error: unknown) => ({ error }),
      )
      if ('result' in outcome) {
        if (outcome.wrote) crashPoint('after-commit')
        runHooks(hooks)
        return outcome.result
      }
      const { error } = outcome
      if (isRetryable(error) && attempt < attemptsMax) await Bun.sleep(Math.random() * 20 * 2 ** attempt)
      else throw meaningOf(error)
    }
  }
}

/** What was committed must not look failed, nor run again, because of a hook: it only hurries what comes by itself. */
const runHooks = (hooks: readonly (() => void)[]): void => {
  for (const hook of hooks) {
    try {
      hook()
    } catch {
      // It broke its promise, and nobody who waits for this transaction can do anything about it.
    }
  }
}

const once = <T>(
  pool: Database,
  scope: Scope,
  work: (tx: Transaction) => Promise<T>,
): Promise<{ result: T; wrote: boolean }> =>
  pool.transaction((tx) =>
    runInScope(scope, async () => {
      const result = await work(tx)
      const wrote = hasCrashPoints && (await hasWritten(tx))
      if (wrote) crashPoint('before-commit')
      return { result, wrote }
    }),
  )

/** A worker that found nothing to do commits nothing that a crash could lose. */
const hasWritten = async (tx: Transaction): Promise<boolean> => {
  const [row] = await tx.execute(sql`select pg_current_xact_id_if_assigned() is not null as wrote`)
  return row?.['wrote'] === true
}

const meaningOf = (error: unknown): unknown =>
  isRetryable(error) ? commonError('UNAVAILABLE', { cause: error }) : (serviceErrorOf(error) ?? error)

/** Runs a hook once the open transaction of this scope has committed; at once where none is open. It must not throw. */
export const afterCommit = (hook: () => void): void => {
  const hooks = currentScope()?.afterCommit
  if (hooks === undefined) hook()
  else hooks.push(hook)
}

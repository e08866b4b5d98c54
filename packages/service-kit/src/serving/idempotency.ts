/**
 * Idempotency keys in the service's own database: one run at a time for each key, and one answer, which commits with the
 * effect it tells of. All times are the database's.
 */
import { commonError, ServiceError } from '@comptoir/contracts/errors'
import { sql } from 'drizzle-orm'
import { isLockTimeout } from '../storage/database-errors.ts'
import type { DatabaseHandle, Transaction } from '../database.ts'
import type { Claim as KeyClaim, IdempotencyStore } from './idempotent-call.ts'
import { systemIds } from '../ids.ts'
import { statement } from '../prepared.ts'

export interface ClaimOptions extends KeyClaim {
  readonly handle: DatabaseHandle
  /** Taken where the key is new; a key that is known keeps its own. */
  readonly operationId: string
  readonly leaseMs: number
}

/** The right to run an operation, until another takes it over. */
export interface Claim {
  readonly state: 'run'
  readonly principal: string
  readonly procedure: string
  readonly key: string
  readonly operationId: string
  /** Differs for every claim: what `store` and `release` go by. */
  readonly owner: string
}

export interface Replay {
  readonly state: 'replay'
  readonly answer: unknown
}

/**
 * Claims a key. Answers with the right to run, also when an earlier run's lease has passed, or with the stored answer.
 * Throws IDEMPOTENCY_KEY_INVALID, IDEMPOTENCY_KEY_REUSED for another fingerprint, and IDEMPOTENCY_IN_FLIGHT while the
 * first run has its lease.
 */
export const claim = async (options: ClaimOptions): Promise<Claim | Replay> => {
  const { principal, procedure, key, fingerprint } = options
  if (!/^[\x21-\x7e]{16,255}$/.test(key)) throw commonError('IDEMPOTENCY_KEY_INVALID')
  const row = await readOrTake(options)
  if (row.fingerprint !== fingerprint) throw commonError('IDEMPOTENCY_KEY_REUSED')
  if (row.answered) return { state: 'replay', answer: row.answer }
  if (!row.taken) throw inFlight(row.leaseSeconds)
  return { state: 'run', principal, procedure, key, operationId: row.operationId, owner: row.owner }
}

/**
 * Stores the answer in the transaction of its effect. Throws IDEMPOTENCY_IN_FLIGHT where another run has taken the key
 * over: the transaction must not commit then.
 */
export const store = async (tx: Transaction, claimed: Claim, output: unknown): Promise<void> => {
  const stored = await storeAnswer(tx, { ...claimed, answer: JSON.stringify(output ?? null) })
  if (stored.length === 0) throw inFlight(1)
}

/** Gives a key back after a failure: the next try runs at once, under the same operation id. Nothing is stored. */
export const release = async ({ db }: DatabaseHandle, claimed: Claim): Promise<void> => {
  await endLease(db, { ...claimed })
}

export interface StoreOptions {
  readonly handle: DatabaseHandle
  /** How long a run may take before another may take its key over. */
  readonly leaseMs: number
  /** How long a repeat waits for the answer of the run that is under way, before it is told IDEMPOTENCY_IN_FLIGHT. */
  readonly waitMs?: number
}

/** The store as `implement` uses it. */
export const createIdempotencyStore = ({
  handle,
  leaseMs,
  waitMs = 2_000,
}: StoreOptions): IdempotencyStore => ({
  claim: async (wanted) => {
    const until = performance.now() + waitMs
    const claimed = await claimPatiently({ ...wanted, handle, leaseMs, operationId: systemIds.next() }, until)
    if (claimed.state === 'replay') return { replay: claimed.answer }
    return {
      run: {
        operationId: claimed.operationId,
        store: (tx, output) => store(tx, claimed, output),
        release: () => release(handle, claimed),
      },
    }
  },
})

/** A double click should see the answer rather than an error: most runs are over in less time than a retry takes. */
const claimPatiently = async (options: ClaimOptions, until: number): Promise<Claim | Replay> => {
  for (let pauseMs = 20; ; pauseMs = Math.min(pauseMs * 2, 200)) {
    try {
      return await claim(options)
    } catch (error) {
      const waits = error instanceof ServiceError && error.code === 'IDEMPOTENCY_IN_FLIGHT'
      if (!waits || performance.now() + pauseMs > until) throw error
    }
    await Bun.sleep(pauseMs)
  }
}

interface KeyRow {
  taken: boolean
  operationId: string
  owner: string
  fingerprint: string
  answered: boolean
  answer: unknown
  leaseSeconds: number
}

const readOrTake = async (options: ClaimOptions): Promise<KeyRow> => {
  try {
    // A row that was committed while the statement ran is seen by its insert but not by its select: once more, then.
    const [row] = await takeOrRead(options)
    const [again] = row === undefined ? await takeOrRead(options) : [row]
    if (again === undefined) throw inFlight(1)
    return again
  } catch (error) {
    // The first run is storing its answer right now.
    throw isLockTimeout(error) ? inFlight(1) : error
  }
}

const given = sql.placeholder
const sameKey = sql`principal = ${given('principal')} and procedure = ${given('procedure')} and key = ${given('key')}`
const stillMine = sql`${sameKey} and owner = ${given('owner')}::uuid and answered_at is null`

const claimKey = statement<KeyRow>(sql`
  with taken as (
    insert into idempotency_keys as held
      (principal, procedure, key, fingerprint, operation_id, owner, lease_until)
    values (${given('principal')}, ${given('procedure')}, ${given('key')}, ${given('fingerprint')},
      ${given('operationId')}::uuid, ${given('owner')}::uuid, now() + ${given('leaseMs')} * interval '1 millisecond')
    on conflict (principal, procedure, key) do update
      set owner = excluded.owner, lease_until = excluded.lease_until
      where held.answered_at is null and held.lease_until < now() and held.fingerprint = excluded.fingerprint
    returning operation_id, owner, fingerprint)
  select true as taken, operation_id as "operationId", owner, fingerprint, false as answered, null::jsonb as answer,
    0 as "leaseSeconds"
  from taken
  union all
  select false, operation_id, owner, fingerprint, answered_at is not null, answer,
    greatest(0, ceil(extract(epoch from lease_until - now())))::int
  from idempotency_keys
  where ${sameKey} and not exists (select from taken)`)

const storeAnswer = statement(sql`
  update idempotency_keys set answer = ${given('answer')}::jsonb, answered_at = now() where ${stillMine} returning true`)

const endLease = statement(sql`update idempotency_keys set lease_until = '-infinity' where ${stillMine}`)

const takeOrRead = ({ handle, ...claim }: ClaimOptions): Promise<KeyRow[]> =>
  claimKey(handle.db, { ...claim, owner: systemIds.next() })

const inFlight = (leaseSeconds: number) =>
  commonError('IDEMPOTENCY_IN_FLIGHT', { retryAfterSeconds: Math.min(Math.max(leaseSeconds, 1), 5) })

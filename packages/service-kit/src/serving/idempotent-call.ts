/** Runs a mutation once for each Idempotency-Key, and gives every repeat the first answer. */
import type { ProcedureContract } from '@comptoir/contracts/contract'
import { commonError } from '@comptoir/contracts/errors'
import type { Transaction } from '../database.ts'
import type { RequestFacts } from './request-facts.ts'

export interface Claim {
  readonly principal: string
  readonly procedure: string
  readonly key: string
  /** SHA-256 of the input: the same key with another input is refused. */
  readonly fingerprint: string
}

/** The right to run an operation. */
export interface Run {
  readonly operationId: string
  store(tx: Transaction, output: unknown): Promise<void>
  /** Gives the key back after a failure, whose answer is not kept: the next try runs again. */
  release(): Promise<void>
}

/** Where keys and answers are kept. */
export interface IdempotencyStore {
  claim(claim: Claim): Promise<{ run: Run } | { replay: unknown }>
}

interface IdempotentCall {
  readonly store: IdempotencyStore
  readonly declaration: ProcedureContract
  readonly name: string
  readonly facts: RequestFacts
  readonly input: unknown
  /** Makes the answer of what was stored of it. */
  complete(kept: unknown, facts: RequestFacts): Promise<unknown>
}

/** Calls `work` unless the key has an answer already. Without a key it just calls, if the contract allows that. */
export const callOnce = async (
  call: IdempotentCall,
  work: (run: Run | undefined) => Promise<unknown>,
): Promise<unknown> => {
  const { declaration, facts } = call
  const rule = declaration.kind === 'mutation' ? declaration.idempotent : undefined
  if (rule === undefined) return work(undefined)
  const key = facts.idempotencyKey
  if (key === undefined && rule === 'required') throw commonError('IDEMPOTENCY_KEY_REQUIRED')
  if (key === undefined) return work(undefined)
  const claimed = await call.store.claim({
    principal: `${facts.actor.kind}:${facts.actor.id}`,
    procedure: call.name,
    key,
    fingerprint: fingerprint(call.input),
  })
  if ('replay' in claimed) {
    const answer = await call.complete(claimed.replay, facts)
    facts.responseHeaders.set('idempotency-replayed', 'true')
    return answer
  }
  try {
    return await work(claimed.run)
  } catch (error) {
    // Where that fails too, the key is free once its lease has passed; the first fault is the one to tell of.
    await claimed.run.release().catch(() => undefined)
    throw error
  }
}

const fingerprint = (input: unknown): string =>
  new Bun.CryptoHasher('sha256').update(canonical(input)).digest('hex')

/** JSON with sorted keys, so that the order of fields makes no difference. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )

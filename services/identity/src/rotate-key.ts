import type { Transaction } from '@comptoir/service-kit/database'
import { appendAuditEntry } from './db/audit-entries.ts'
import {
  insertSigningKey,
  listSigningKeys,
  lockSigningKeys,
  setSignsFrom,
  setVerifiesUntil,
  signingKeyAt,
} from './db/signing-keys.ts'
import { planRotation, waitingKey } from './domain/key-rotation.ts'
import { isSealed, type Sealing } from './security/sealing.ts'
import { makeKey, openSigningKey } from './security/signing-keys.ts'

export interface Rotation {
  readonly sealing: Sealing | undefined
  readonly now: Date
  /** The next key signs now rather than when all have heard of it. */
  readonly atOnce: boolean
}

/**
 * Has another key sign: one that is made now, or the one that waits already where it is to sign at once. Its kid, and from
 * when. Throws where one waits already, and where the secret is not the one that the keys are sealed with.
 */
export const rotateKey = async (
  tx: Transaction,
  { sealing, now, atOnce }: Rotation,
): Promise<{ kid: string; signsFrom: Date }> => {
  await lockSigningKeys(tx)
  const current = await signingKeyAt(tx, now)
  if (current === undefined)
    throw new Error('There is no key yet; identity makes the first one when it starts')
  // What the instances could not open would leave them without a key at the very moment of the change.
  await openSigningKey(current, sealing)
  if (sealing !== undefined && !isSealed(current.privateKey))
    throw new Error('The keys are stored in the clear: restart identity with KEY_ENCRYPTION_SECRET first')
  const waiting = waitingKey(await listSigningKeys(tx), now)
  if (waiting !== undefined && !atOnce)
    throw new Error(`The key ${waiting.kid} waits already, until ${waiting.signsFrom.toISOString()}`)
  const { signsFrom, verifiesUntil } = planRotation(now, { atOnce })
  const kid = waiting?.kid ?? (await addKey(tx, sealing, { now, signsFrom }))
  if (waiting !== undefined) await setSignsFrom(tx, kid, signsFrom)
  await setVerifiesUntil(tx, current.kid, verifiesUntil)
  await appendAuditEntry(tx, now, {
    actorKind: 'operator',
    actorId: 'command',
    action: 'key.rotated',
    target: kid,
    facts: { signsFrom: signsFrom.toISOString(), before: current.kid },
  })
  return { kid, signsFrom }
}

const addKey = async (
  tx: Transaction,
  sealing: Sealing | undefined,
  { now, signsFrom }: { now: Date; signsFrom: Date },
): Promise<string> => {
  const made = await makeKey(sealing, now)
  await insertSigningKey(tx, { ...made, signsFrom })
  return made.kid
}

import type { Transaction } from '@comptoir/service-kit/database'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import {
  insertSigningKey,
  lockSigningKeys,
  replacePrivateKey,
  signingKeyAt,
  type StoredKey,
} from '../db/signing-keys.ts'
import type { SigningKey } from './access-tokens.ts'
import { isSealed, type Sealing } from './sealing.ts'

/** The key that signs now: made on the very first start, sealed as soon as there is a secret to seal it with. */
export const ensureSigningKey = async (
  tx: Transaction,
  sealing: Sealing | undefined,
  now: Date,
): Promise<StoredKey> => {
  await lockSigningKeys(tx)
  const known = await signingKeyAt(tx, now)
  if (known === undefined) {
    const made = await makeKey(sealing, now)
    await insertSigningKey(tx, made)
    return made
  }
  if (sealing === undefined || isSealed(known.privateKey)) return known
  const privateKey = await sealing.seal(known.privateKey, known.kid)
  await replacePrivateKey(tx, known.kid, privateKey)
  return { ...known, privateKey }
}

/** Reads a stored key. Throws where it is sealed and the secret is missing or another one. */
export const openSigningKey = async (
  stored: StoredKey,
  sealing: Sealing | undefined,
): Promise<SigningKey> => {
  const privateKey = await importJWK(await openText(stored, sealing), 'ES256')
  if (privateKey instanceof Uint8Array) throw new Error(`The signing key ${stored.kid} is not a key pair`)
  return { kid: stored.kid, privateKey }
}

const openText = async (stored: StoredKey, sealing: Sealing | undefined): Promise<JWK> => {
  if (!isSealed(stored.privateKey)) return JSON.parse(stored.privateKey)
  if (sealing === undefined) throw new Error('KEY_ENCRYPTION_SECRET is missing and the signing key is sealed')
  return JSON.parse(await sealing.open(stored.privateKey, stored.kid))
}

/** A new key pair, which signs from now on. */
export const makeKey = async (sealing: Sealing | undefined, now: Date): Promise<StoredKey> => {
  const pair = await generateKeyPair('ES256', { extractable: true })
  const { x = '', y = '' } = await exportJWK(pair.publicKey)
  const kid = await calculateJwkThumbprint({ kty: 'EC', crv: 'P-256', x, y })
  const plain = JSON.stringify(await exportJWK(pair.privateKey))
  return {
    kid,
    publicKey: { kty: 'EC', crv: 'P-256', x, y, kid, alg: 'ES256', use: 'sig' },
    privateKey: sealing === undefined ? plain : await sealing.seal(plain, kid),
    createdAt: now,
    signsFrom: now,
    verifiesUntil: null,
  }
}

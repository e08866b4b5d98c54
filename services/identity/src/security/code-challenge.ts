import { createHash, timingSafeEqual } from 'node:crypto'

/** Whether the verifier (RFC 7636, 4.1) is the one that the challenge was made of by S256. */
export const fitsChallenge = (verifier: string, challenge: string): boolean => {
  if (!/^[\w.~-]{43,128}$/.test(verifier)) return false
  const made = Buffer.from(createHash('sha256').update(verifier).digest('base64url'))
  const wanted = Buffer.from(challenge)
  return made.length === wanted.length && timingSafeEqual(made, wanted)
}

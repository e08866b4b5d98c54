import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

const stepSeconds = 30
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'

/** A secret of 160 random bits in base32, as RFC 4226, 4 recommends. */
export const makeTotpSecret = (): string => toBase32(randomBytes(20)).toUpperCase()

/** What an authenticator reads from a QR code. The label shows people which of their accounts it is. */
export const otpauthUri = ({
  secret,
  issuer,
  label,
}: Record<'secret' | 'issuer' | 'label', string>): string =>
  `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(label)}` +
  `?secret=${secret}&issuer=${encodeURIComponent(issuer)}&algorithm=SHA1&digits=6&period=${stepSeconds}`

/** The time step whose code this is, of those now, just before and just after (RFC 6238, 5.2). */
export const stepOfCode = (secret: string, code: string, now: Date): number | undefined => {
  if (!/^\d{6}$/.test(code)) return undefined
  const current = Math.floor(now.getTime() / 1_000 / stepSeconds)
  const key = fromBase32(secret)
  const steps = [current - 1, current, current + 1].filter((step) => step > 0)
  // All are looked at, so that the time taken does not tell which it was.
  const given = Buffer.from(code)
  return steps.filter((step) => timingSafeEqual(Buffer.from(codeOfStep(key, step)), given)).at(-1)
}

/** HOTP of the step (RFC 4226, 5.3) with SHA-1 and six digits. */
export const codeOfStep = (key: Uint8Array, step: number): string => {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', key).update(counter).digest()
  const truncated = mac.readUInt32BE((mac.at(-1) ?? 0) & 0x0f) & 0x7fff_ffff
  return String(truncated % 1_000_000).padStart(6, '0')
}

/** Base32 of RFC 4648 without padding, in small letters. */
export const toBase32 = (bytes: Uint8Array): string => {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const groups = bits.match(/.{1,5}/g) ?? []
  return groups.map((group) => alphabet.charAt(Number.parseInt(group.padEnd(5, '0'), 2))).join('')
}

export const fromBase32 = (text: string): Uint8Array => {
  const values = text
    .toLowerCase()
    .split('')
    .map((letter) => alphabet.indexOf(letter))
  if (values.includes(-1)) throw new Error('This text is not base32')
  const bits = values.map((value) => value.toString(2).padStart(5, '0')).join('')
  const octets = bits.match(/.{8}/g) ?? []
  return Uint8Array.from(octets, (octet) => Number.parseInt(octet, 2))
}

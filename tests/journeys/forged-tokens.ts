// Tokens that are nearly right: each differs in one thing from one that is accepted.
import { createHmac } from 'node:crypto'
import { exportJWK, exportSPKI, generateKeyPair } from 'jose'

export interface Genuine {
  readonly header: { readonly typ: string; readonly kid: string }
  readonly claims: Readonly<Record<string, unknown>>
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
}

type Json = Readonly<Record<string, unknown>>

/** The genuine token itself, for a test to see that it is accepted. */
export const genuine = ({ header, claims, privateKey }: Genuine): Promise<string> =>
  es256({ alg: 'ES256', ...header }, claims, privateKey)

/** Forty and more forgeries by what is wrong with them. */
export const forgeries = async (of: Genuine): Promise<ReadonlyMap<string, string>> => {
  const made = [...(await signedByOthers(of)), ...(await saidWrongly(of)), ...(await brokenApart(of))]
  return new Map(made)
}

type Forgery = readonly [what: string, token: string]

const signedByOthers = async ({ header, claims, publicKey }: Genuine): Promise<Forgery[]> => {
  const stranger = await generateKeyPair('ES256', { extractable: true })
  const strangerJwk = await exportJWK(stranger.publicKey)
  const pem = await exportSPKI(publicKey)
  const jwk = JSON.stringify(await exportJWK(publicKey))
  const byStranger = (more: Json): Promise<string> =>
    es256({ alg: 'ES256', ...header, ...more }, claims, stranger.privateKey)
  const elsewhere = 'http://127.0.0.1:9/keys.json'
  return [
    ['another’s key under the same name', await byStranger({})],
    ['a key that nobody knows', await byStranger({ kid: crypto.randomUUID() })],
    ['a key that it brings along', await byStranger({ jwk: strangerJwk })],
    ['a key set of its own', await byStranger({ jku: elsewhere })],
    ['a certificate from elsewhere', await byStranger({ x5u: elsewhere })],
    ['a certificate that it brings along', await byStranger({ x5c: ['MIIB'] })],
    ['a key named by a path', await byStranger({ kid: '../../../../dev/null' })],
    ['a key named by a statement', await byStranger({ kid: "' or '1'='1" })],
    ['a key named by an address', await byStranger({ kid: elsewhere })],
    ['a key named as every object is', await byStranger({ kid: '__proto__' })],
    ['HS256 with the public key', hs256({ ...header, alg: 'HS256' }, claims, pem)],
    ['HS256 with the public key, trimmed', hs256({ ...header, alg: 'HS256' }, claims, pem.trim())],
    ['HS256 with the public key as JWK', hs256({ ...header, alg: 'HS256' }, claims, jwk)],
    ['HS256 with nothing', hs256({ ...header, alg: 'HS256' }, claims, '')],
    ['HS256 that says ES256', hs256({ ...header, alg: 'ES256' }, claims, pem)],
    ['no algorithm', unsigned({ ...header, alg: 'none' }, claims)],
    ['no algorithm, in capitals', unsigned({ ...header, alg: 'NONE' }, claims)],
    ['no algorithm, in both', unsigned({ ...header, alg: 'nOnE' }, claims)],
    ['an empty algorithm', unsigned({ ...header, alg: '' }, claims)],
    ['no word of an algorithm', unsigned(header, claims)],
  ]
}

const saidWrongly = async ({ header, claims, privateKey }: Genuine): Promise<Forgery[]> => {
  const saying = (more: Json): Promise<string> =>
    es256({ alg: 'ES256', ...header }, { ...claims, ...more }, privateKey)
  const headed = (more: Json): Promise<string> =>
    es256({ alg: 'ES256', ...header, ...more }, claims, privateKey)
  const now = Math.floor(Date.now() / 1_000)
  return [
    ['another audience', await saying({ aud: 'elsewhere' })],
    ['other audiences', await saying({ aud: ['elsewhere', 'nowhere'] })],
    ['no audience', await saying({ aud: undefined })],
    ['another issuer', await saying({ iss: 'elsewhere' })],
    ['no issuer', await saying({ iss: undefined })],
    ['no subject', await saying({ sub: undefined })],
    ['a subject that is no text', await saying({ sub: 7 })],
    ['a subject that is too long', await saying({ sub: 'a'.repeat(65) })],
    ['an end that has passed', await saying({ exp: now - 1 })],
    ['no end', await saying({ exp: undefined })],
    ['an end that is no number', await saying({ exp: 'never' })],
    ['a beginning that is to come', await saying({ nbf: now + 600 })],
    ['a kind that does not exist', await saying({ kind: 'root' })],
    ['no kind', await saying({ kind: undefined })],
    ['a right that does not exist', await saying({ scopes: ['everything'] })],
    ['rights in one text', await saying({ scopes: 'users:write' })],
    ['no rights', await saying({ scopes: undefined })],
    ['another type', await headed({ typ: 'JWT' })],
    ['no type', await headed({ typ: undefined })],
    ['no name of a key', await headed({ kid: undefined })],
    ['another algorithm’s name', await headed({ alg: 'ES384' })],
    ['the name of an algorithm of another kind', await headed({ alg: 'RS256' })],
    ['something critical that nobody knows', await headed({ crit: ['exp'], exp: now + 60 })],
    ['a payload that is not encoded', await headed({ crit: ['b64'], b64: false })],
  ]
}

const brokenApart = async (of: Genuine): Promise<Forgery[]> => {
  const token = await genuine(of)
  const other = await genuine({ ...of, claims: { ...of.claims, jti: crypto.randomUUID() } })
  const [head = '', body = '', signature = ''] = token.split('.')
  const bytes = Buffer.from(signature, 'base64url')
  const flipped = Buffer.from(bytes)
  flipped[0] = (flipped[0] ?? 0) ^ 1
  const joined = (sealed: Buffer): string => [head, body, sealed.toString('base64url')].join('.')
  return [
    ['another’s signature', [head, body, other.split('.')[2]].join('.')],
    ['another’s payload', [head, other.split('.')[1], signature].join('.')],
    ['a bit of its signature flipped', joined(flipped)],
    ['half a signature', joined(bytes.subarray(0, 32))],
    ['a signature of zeros', joined(Buffer.alloc(64))],
    ['a signature with more behind it', joined(Buffer.concat([bytes, Buffer.alloc(1)]))],
    ['no signature', `${head}.${body}.`],
    ['two parts', `${head}.${body}`],
    ['five parts', `${token}.${head}.${body}`],
    ['nothing that is a token', 'garbage'],
  ]
}

const part = (value: Json): string => Buffer.from(JSON.stringify(value)).toString('base64url')

const es256 = async (header: Json, claims: Json, key: CryptoKey): Promise<string> => {
  const text = `${part(header)}.${part(claims)}`
  const bytes = new TextEncoder().encode(text)
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, bytes)
  return `${text}.${Buffer.from(signature).toString('base64url')}`
}

const hs256 = (header: Json, claims: Json, secret: string): string => {
  const text = `${part(header)}.${part(claims)}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

const unsigned = (header: Json, claims: Json): string => `${part(header)}.${part(claims)}.`

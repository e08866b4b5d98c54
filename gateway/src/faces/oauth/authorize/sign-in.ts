/**
 * How it is known between two pages who signed in. For this one question only: the access token of a sign-in of its own,
 * in a cookie that no script reads and no other site makes the browser send. Any answer of the person ends it, and nobody is
 * given the refresh token.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Actor, isAccount } from '@comptoir/contracts/access'
import { ServiceError } from '@comptoir/contracts/errors'
import type { Authenticate } from '../../../credentials/authenticate.ts'
import { cookiesOf } from '../../../credentials/cookies-of.ts'
import type { Form } from '../form.ts'
import type { OAuthCalls } from '../oauth-calls.ts'

const name = '__Host-consent'
const maxAgeSeconds = 600
const attributes = 'Path=/; Secure; HttpOnly; SameSite=Strict'

export interface SignedIn {
  readonly sessionId: string
  readonly actor: Actor
  /** What the browser holds. */
  readonly secret: string
}

export const cookieOf = ({ secret }: SignedIn): string =>
  `${name}=${secret}; Max-Age=${maxAgeSeconds}; ${attributes}`

export const clearedCookie = `${name}=; Max-Age=0; ${attributes}`

/** Who has signed in for the question; undefined where nobody has, or not lately. */
export const readSignIn = async (
  headers: Headers,
  authenticate: Authenticate,
): Promise<SignedIn | undefined> => {
  const [secret, ...others] = cookiesOf(headers, name)
  return secret === undefined || others.length > 0 ? undefined : signedInBy(secret, authenticate)
}

const signedInBy = async (secret: string, authenticate: Authenticate): Promise<SignedIn | undefined> => {
  try {
    const actor = await authenticate(`Bearer ${secret}`)
    if (!isAccount(actor) || actor.via !== undefined || actor.session === undefined) return undefined
    return { sessionId: actor.session, actor, secret }
  } catch (error) {
    if (error instanceof ServiceError && error.status === 401) return undefined
    throw error
  }
}

/** Why somebody is not let in, by what identity says. */
const faults: Readonly<Record<string, 'wrong' | 'code' | 'throttled'>> = {
  CREDENTIALS_INVALID: 'wrong',
  INVALID_INPUT: 'wrong',
  SECOND_FACTOR_REQUIRED: 'code',
  SECOND_FACTOR_INVALID: 'code',
  LOGIN_THROTTLED: 'throttled',
}
export type SignInFault = 'wrong' | 'code' | 'throttled'

export const signIn = async (
  form: Form,
  network: string | undefined,
  { calls: { login }, authenticate }: { calls: Pick<OAuthCalls, 'login'>; authenticate: Authenticate },
): Promise<SignedIn | SignInFault> => {
  const code = form.get('code')
  const proof = {
    email: form.get('email') ?? '',
    password: form.get('password') ?? '',
    ...(code === undefined ? {} : { code: code.replaceAll(/\s/g, '') }),
  }
  try {
    const session = await login(proof, { network })
    return (await signedInBy(session.accessToken, authenticate)) ?? 'wrong'
  } catch (error) {
    const fault = error instanceof ServiceError ? faults[error.code] : undefined
    if (fault === undefined) throw error
    return fault
  }
}

/** Ends the sign-in of somebody who gives no consent; with a consent, identity ends it in the same step. */
export const signOut = async (
  { sessionId, actor }: SignedIn,
  { endSession }: Pick<OAuthCalls, 'endSession'>,
): Promise<void> => {
  try {
    await endSession({ sessionId }, { actor })
  } catch (error) {
    // Over already: the button was pressed twice.
    if (!(error instanceof ServiceError && error.code === 'SESSION_NOT_FOUND')) throw error
  }
}

/** Ties a decision to the browser that was asked, and to what it was asked. */
export const consentToken = ({ secret }: SignedIn, search: string): string =>
  createHmac('sha256', secret).update(search).digest('base64url')

export const isConsentToken = (given: string | undefined, wanted: string): boolean =>
  given?.length === wanted.length && timingSafeEqual(Buffer.from(given), Buffer.from(wanted))

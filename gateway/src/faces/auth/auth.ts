/**
 * /auth/<provider>: a browser’s way to an OpenID provider and back. What goes wrong after the start sends it back to where it
 * came from with `sign_in_error=<code>` in the address, because a person and not a program waits for the answer.
 */
import { isAccount } from '@comptoir/contracts/access'
import { commonError, ServiceError } from '@comptoir/contracts/errors'
import type { identity } from '@comptoir/contracts/identity/procedures'
import { ProviderId, ReturnPath } from '@comptoir/contracts/identity/provider-sign-in'
import { UserId } from '@comptoir/contracts/ids'
import type { CallOptions, Client } from '@comptoir/service-kit/client'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { sessionCookie, sessionCookieOf } from '../../credentials/browser-cookie.ts'
import type { KnownSession } from '../../credentials/browser-sessions.ts'
import { isBegunElsewhere } from '../../credentials/same-site.ts'
import type { EdgeEnv } from '../../edge-context.ts'
import type { BrowserOptions } from '../../middleware/browser-session.ts'
import { bindingCookie, bindingOf, clearedBinding, isRandomText, makeBinding } from './binding-cookie.ts'

export type ProviderCalls = Pick<
  Client<typeof identity>,
  'startProviderSignIn' | 'continueProviderSignIn' | 'finishProviderSignIn'
>

export interface AuthFaceOptions extends BrowserOptions {
  readonly calls: ProviderCalls
  /** Where browsers find us; without it the host that they ask for is believed. */
  readonly publicUrl: string | undefined
}

const own: CallOptions = { actor: { kind: 'service', id: 'gateway', scopes: [] } }
const queryMax = 8_192

export const authFace = (options: AuthFaceOptions): Hono<EdgeEnv> =>
  new Hono<EdgeEnv>()
    .get('/:provider/start', (c) => start(c, options))
    .get('/:provider/continue', (c) => goOn(c, options))
    .get('/:provider/callback', (c) => finish(c, options))

const start = async (c: Context<EdgeEnv>, options: AuthFaceOptions): Promise<Response> => {
  if (isBegunElsewhere(c.req.raw, options.origins))
    throw commonError('FORBIDDEN', { message: 'A sign-in begins on our own pages only.' })
  const { provider, redirectUri } = placeOf(c, options)
  const returnTo = ReturnPath.safeParse(c.req.query('returnTo') ?? '/')
  if (!returnTo.success)
    throw commonError('INVALID_INPUT', {
      fields: [{ pointer: '/returnTo', message: 'Expected a path of this site such as /account' }],
    })
  const session = await sessionOf(c, options)
  const guestId = session?.kind === 'guest' ? session.subject : null
  const binding = makeBinding()
  const input = { provider, redirectUri, returnTo: returnTo.data, binding, guestId }
  try {
    const { location } = await options.calls.startProviderSignIn(input, own)
    return sendTo(location, [bindingCookie(binding)])
  } catch (error) {
    return sendBack(error, returnTo.data)
  }
}

/** Where somebody goes who is signed in and has begun something by an operation, which made the state for their session. */
const goOn = async (c: Context<EdgeEnv>, options: AuthFaceOptions): Promise<Response> => {
  const { provider, redirectUri } = placeOf(c, options)
  const state = c.req.query('state') ?? ''
  const session = accountOf(await sessionOf(c, options))
  if (session === undefined || !isRandomText(state)) return sendTo(withError('/', 'SIGN_IN_INVALID'), [])
  try {
    const input = { provider, redirectUri, state, session }
    const { location } = await options.calls.continueProviderSignIn(input, own)
    return sendTo(location, [])
  } catch (error) {
    return sendBack(error, '/')
  }
}

const finish = async (c: Context<EdgeEnv>, options: AuthFaceOptions): Promise<Response> => {
  const { provider, redirectUri } = placeOf(c, options)
  const { search } = new URL(c.req.url)
  const binding = bindingOf(c.req.raw.headers) ?? null
  const former = await sessionOf(c, options)
  const session = accountOf(former)
  if ((binding === null && session === undefined) || search.length > queryMax)
    return sendTo(withError('/', 'SIGN_IN_INVALID'), [clearedBinding])
  try {
    const held = session === undefined ? {} : { session }
    const input = { provider, redirectUri, binding, ...held, query: search }
    const { refreshToken, returnTo } = await options.calls.finishProviderSignIn(input, own)
    if (refreshToken === null) return sendTo(returnTo, [clearedBinding])
    const { cookie } = await options.sessions.open(refreshToken, former)
    return sendTo(returnTo, [sessionCookie(cookie), clearedBinding])
  } catch (error) {
    return sendBack(error, '/')
  }
}

const placeOf = (c: Context<EdgeEnv>, { publicUrl }: AuthFaceOptions) => {
  const { data: provider } = ProviderId.safeParse(c.req.param('provider'))
  if (provider === undefined) throw commonError('NOT_FOUND')
  const origin = publicUrl ?? new URL(c.req.url).origin
  return { provider, redirectUri: `${origin}/auth/${provider}/callback` }
}

/** Whoever the browser was until now. A cookie that is worth nothing any more is no reason not to sign in. */
const sessionOf = async (
  c: Context<EdgeEnv>,
  { sessions }: AuthFaceOptions,
): Promise<KnownSession | undefined> => {
  const cookie = sessionCookieOf(c.req.raw.headers)
  return cookie === undefined ? undefined : sessions.find(cookie)
}

/** The account that a browser is signed in to, by this one session. */
const accountOf = (known: KnownSession | undefined) => {
  const id = known?.actor.session
  if (known === undefined || id === undefined || !isAccount(known.actor)) return undefined
  return { id, subject: UserId.parse(known.subject) }
}

const Refused = z.object({ returnTo: ReturnPath })

const sendBack = (error: unknown, fallback: string): Response => {
  if (!(error instanceof ServiceError) || error.code === 'PROVIDER_UNKNOWN') throw error
  const { data } = Refused.safeParse(error.data)
  return sendTo(withError(data?.returnTo ?? fallback, error.code), [clearedBinding])
}

const withError = (path: string, code: string): string => {
  const [beforeHash = '', ...hash] = path.split('#')
  const query = `${beforeHash.includes('?') ? '&' : '?'}sign_in_error=${code}`
  return [`${beforeHash}${query}`, ...hash].join('#')
}

const sendTo = (location: string, cookies: readonly string[]): Response => {
  // The address of a callback has the code in it, which is nothing for the next page to be told.
  const headers = new Headers({ location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
  for (const cookie of cookies) headers.append('set-cookie', cookie)
  return new Response(null, { status: 303, headers })
}

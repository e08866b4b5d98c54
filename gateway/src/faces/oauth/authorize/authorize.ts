/** /oauth/authorize (RFC 6749, 3.1): where a person is asked whether a client may act for them. */
import { ServiceError } from '@comptoir/contracts/errors'
import type { Context } from 'hono'
import type { Authenticate } from '../../../credentials/authenticate.ts'
import { isFromOurPage } from '../../../credentials/same-site.ts'
import type { EdgeEnv } from '../../../edge-context.ts'
import { networkHash } from '../../../protection/network-header.ts'
import { type Form, readForm } from '../form.ts'
import type { OAuthCalls } from '../oauth-calls.ts'
import { OAuthError } from '../oauth-error.ts'
import { type AuthorizationRequest, type Judged, judgeRequest } from './authorization-request.ts'
import { type Asking, consentPage, deadEndPage, signInPage } from './pages.ts'
import { sendBack, sendRefusal } from './send-back.ts'
import {
  clearedCookie,
  consentToken,
  cookieOf,
  isConsentToken,
  readSignIn,
  type SignedIn,
  signIn,
  signOut,
} from './sign-in.ts'
import { preferredLocale } from './words.ts'

export interface AuthorizeOptions {
  readonly calls: OAuthCalls
  readonly authenticate: Authenticate
  /** Where browsers find us; without it the host that they ask for is believed. */
  readonly publicUrl: string | undefined
}

/** What is needed to answer one request. */
interface Scene extends AuthorizeOptions {
  readonly c: Context<EdgeEnv>
  readonly issuer: string
}

/** The first page. Whoever comes is asked to sign in, for this question only. */
export const showAuthorization = (c: Context<EdgeEnv>, options: AuthorizeOptions): Promise<Response> =>
  answering(c, options, async (scene) => {
    const search = new URL(c.req.url).search.slice(1)
    const judged = await judgeRequest(search, null, scene.calls)
    return 'asked' in judged ? signInPage(askingOf(scene, judged, search)) : giveUp(scene, judged)
  })

/** The forms of both pages. */
export const takeForm = (c: Context<EdgeEnv>, options: AuthorizeOptions): Promise<Response> =>
  answering(c, options, async (scene) => {
    if (!isFromOurPage(c.req.raw, { own: options.publicUrl, allowed: [] }))
      return deadEndPage(localeOf(c), 'not-ours', 403)
    const form = await readForm(c, () => new OAuthError('invalid_request', 'A field is there twice.'))
    return form.get('step') === 'decision' ? decide(scene, form) : letIn(scene, form)
  })

const letIn = async (scene: Scene, form: Form): Promise<Response> => {
  const search = form.get('request') ?? ''
  const judged = await judgeRequest(search, null, scene.calls)
  if (!('asked' in judged)) return giveUp(scene, judged)
  const signedIn = await signIn(form, networkHash(scene.c.get('client')), scene)
  if (typeof signedIn === 'string') {
    const tried = { fault: signedIn, email: form.get('email') ?? '' }
    return signInPage(askingOf(scene, judged, search), tried)
  }
  return ask(scene, signedIn, search)
}

const ask = async (scene: Scene, signedIn: SignedIn, search: string): Promise<Response> => {
  const judged = await judgeRequest(search, signedIn.sessionId, scene.calls)
  if (!('asked' in judged)) {
    await signOut(signedIn, scene.calls)
    return giveUp(scene, judged)
  }
  const asking = askingOf(scene, judged, search)
  if (judged.asked.person === null) return signInPage(asking)
  return withCookie(await consentPage(asking, consentToken(signedIn, search)), cookieOf(signedIn))
}

const decide = async (scene: Scene, form: Form): Promise<Response> => {
  const { c, calls, authenticate, issuer } = scene
  const search = form.get('request') ?? ''
  const signedIn = await readSignIn(c.req.raw.headers, authenticate)
  const judged = await judgeRequest(search, signedIn?.sessionId ?? null, calls)
  if (!('asked' in judged)) {
    if (signedIn !== undefined) await signOut(signedIn, calls)
    return withCookie(await giveUp(scene, judged), clearedCookie)
  }
  if (signedIn === undefined || judged.asked.person === null)
    return signInPage(askingOf(scene, judged, search))
  if (!isConsentToken(form.get('token'), consentToken(signedIn, search)))
    return deadEndPage(localeOf(c), 'not-ours', 403)
  const { request } = judged
  if (form.get('decision') !== 'allow') {
    await signOut(signedIn, calls)
    const denied = { error: 'access_denied', description: 'The person has said no.' } as const
    return withCookie(sendRefusal(request, denied, issuer), clearedCookie)
  }
  const code = await codeFor(calls, request, signedIn)
  return withCookie(sendBack(request, { code, iss: issuer }), clearedCookie)
}

const codeFor = async (
  { authorizeClient }: OAuthCalls,
  { clientId, redirectUri, scopes, codeChallenge }: AuthorizationRequest,
  { sessionId }: SignedIn,
): Promise<string> => {
  const consent = { clientId, redirectUri, scopes, codeChallenge, sessionId }
  return (await authorizeClient({ ...consent, endsSession: true })).code
}

/** Answers with a page also where identity is away: whoever asks is a person. */
const answering = async (
  c: Context<EdgeEnv>,
  options: AuthorizeOptions,
  answer: (scene: Scene) => Promise<Response>,
): Promise<Response> => {
  try {
    return await answer({ ...options, c, issuer: options.publicUrl ?? new URL(c.req.url).origin })
  } catch (error) {
    if (error instanceof OAuthError) return deadEndPage(localeOf(c), 'incomplete', 400)
    // What was good a moment ago: the sign-in or the client has ended meanwhile.
    if (error instanceof ServiceError && error.status < 500)
      return deadEndPage(localeOf(c), 'incomplete', error.status === 408 ? 408 : 400)
    if (error instanceof ServiceError) return deadEndPage(localeOf(c), 'unavailable', 503)
    throw error
  }
}

const giveUp = ({ c, issuer }: Scene, judged: Exclude<Judged, { asked: unknown }>) =>
  'deadEnd' in judged
    ? deadEndPage(localeOf(c), judged.deadEnd, 400)
    : sendRefusal(judged.request, judged.refusal, issuer)

const askingOf = (
  { c }: Scene,
  { request, asked }: Extract<Judged, { asked: unknown }>,
  search: string,
): Asking => ({ locale: localeOf(c), search, redirectUri: request.redirectUri, asked })

const localeOf = (c: Context<EdgeEnv>) => preferredLocale(c.req.header('accept-language'))

const withCookie = (response: Response, cookie: string): Response => {
  response.headers.append('set-cookie', cookie)
  return response
}

/** /oauth: where third parties get tokens, and give them back. */
import type { ClientProof } from '@comptoir/contracts/identity/oauth'
import { commonError } from '@comptoir/contracts/errors'
import { type Context, Hono } from 'hono'
import type { EdgeEnv } from '../../edge-context.ts'
import type { ProgramLimits, ProgramUse } from '../../middleware/limit-program.ts'
import { answerProblem, problemFor } from '../../problem.ts'
import { type AuthorizeOptions, showAuthorization, takeForm } from './authorize/authorize.ts'
import { readClientProof } from './client-proof.ts'
import { type Form, readForm, required } from './form.ts'
import { introspect } from './introspection.ts'
import { answerOAuthError, asOAuthError, OAuthError } from './oauth-error.ts'
import { exchange } from './token.ts'

const repeated = (name: string): OAuthError =>
  // A name from outside is told only where it can do no harm in the answer.
  new OAuthError('invalid_request', `The parameter ${/^\w{1,40}$/.test(name) ? name : ''} is there twice.`)

export interface OAuthFaceOptions extends AuthorizeOptions {
  /** Absent: programs ask for as much as they like. */
  readonly limits?: ProgramLimits | undefined
}

export const oauthFace = (options: OAuthFaceOptions): Hono<EdgeEnv> => {
  const { calls } = options
  const programs = answering(options.limits)
  return new Hono<EdgeEnv>()
    .get('/authorize', (c) => showAuthorization(c, options))
    .post('/authorize', (c) => takeForm(c, options))
    .post(
      '/token',
      programs('write', (form, client) => exchange(form, client, calls)),
    )
    .post(
      '/introspect',
      programs('read', (form, client) => introspect(form, client, calls)),
    )
    .post(
      '/revoke',
      programs('write', async (form, client) => {
        await calls.revokeToken({ client, token: required(form, 'token') })
        return undefined
      }),
    )
    .on('GET', ['/token', '/introspect', '/revoke'], (c) => {
      const response = answerProblem(
        problemFor(commonError('METHOD_NOT_ALLOWED'), c.get('requestId'), c.req.path),
      )
      response.headers.set('allow', 'POST')
      return response
    })
}

type Work = (form: Form, client: ClientProof) => Promise<object | undefined>

const answering =
  (limits: ProgramLimits | undefined) =>
  (rateClass: ProgramUse['rateClass'], work: Work) =>
  async (c: Context<EdgeEnv>): Promise<Response> => {
    let client: ClientProof | undefined
    const use = (): ProgramUse => ({
      rateClass,
      program: client?.secret == null ? undefined : client.clientId,
    })
    try {
      const form = await readForm(c, repeated)
      client = readClientProof(c.req.header('authorization'), form)
      const refused = limits?.refusal(c, use())
      if (refused !== undefined) return refused
      const response = answerTold(await work(form, client))
      limits?.count(c, use(), response)
      return response
    } catch (thrown) {
      const error = asOAuthError(thrown)
      if (error === undefined) throw thrown
      const response = answerOAuthError(error)
      const isKnown = client?.secret != null && afterProof.has(error.code)
      limits?.count(c, isKnown ? use() : 'failed', response)
      return response
    }
  }

/** What identity says only to a client that has proved who it is. */
const afterProof = new Set<OAuthError['code']>(['invalid_grant', 'unauthorized_client', 'invalid_scope'])

const answerTold = (told: object | undefined): Response => {
  const headers = { 'cache-control': 'no-store', pragma: 'no-cache' }
  return told === undefined ? new Response(null, { headers }) : Response.json(told, { headers })
}

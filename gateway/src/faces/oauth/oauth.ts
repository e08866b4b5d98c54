/** /oauth: where third parties get tokens, and give them back. */
import type { ClientProof } from '@comptoir/contracts/identity/oauth'
import { commonError } from '@comptoir/contracts/errors'
import { type Context, Hono } from 'hono'
import type { EdgeEnv } from '../../edge-context.ts'
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

export const oauthFace = (options: AuthorizeOptions): Hono<EdgeEnv> => {
  const { calls } = options
  return new Hono<EdgeEnv>()
    .get('/authorize', (c) => showAuthorization(c, options))
    .post('/authorize', (c) => takeForm(c, options))
    .post('/token', (c) => answer(c, (form, client) => exchange(form, client, calls)))
    .post('/introspect', (c) => answer(c, (form, client) => introspect(form, client, calls)))
    .post('/revoke', (c) =>
      answer(c, async (form, client) => {
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

const answer = async (
  c: Context<EdgeEnv>,
  work: (form: Form, client: ClientProof) => Promise<object | undefined>,
): Promise<Response> => {
  try {
    const form = await readForm(c, repeated)
    const told = await work(form, readClientProof(c.req.header('authorization'), form))
    const headers = { 'cache-control': 'no-store', pragma: 'no-cache' }
    return told === undefined ? new Response(null, { headers }) : Response.json(told, { headers })
  } catch (thrown) {
    const error = asOAuthError(thrown)
    if (error === undefined) throw thrown
    return answerOAuthError(error)
  }
}

/**
 * /session: who a browser is signed in as. What opens a session is called here as on any other face, but its tokens are
 * exchanged for a cookie before the browser hears of them. Nothing here knows an operation: what a contract declares is there.
 */
import { Session } from '@comptoir/contracts/identity/model'
import { Hono, type Context } from 'hono'
import { clearedCookie, sessionCookie } from '../../credentials/browser-cookie.ts'
import { forgery } from '../../credentials/same-site.ts'
import type { EdgeEnv } from '../../edge-context.ts'
import type { BrowserOptions } from '../../middleware/browser-session.ts'
import { refusal, type Operation, type Operations } from '../../operations.ts'
import type { Upstream } from '../../upstream.ts'
import { failedCall, sendCall } from '../rest/call.ts'
import { readInput } from '../rest/input.ts'
import { dataOf } from '../rest/success.ts'
import { sessionOpeners } from './openers.ts'

export interface SessionFaceOptions extends BrowserOptions {
  readonly operations: Operations
  readonly upstream: Upstream
  readonly bodyMaxBytes: number
}

const nobody = { kind: 'anonymous', subject: null, expiresAt: null }

export const sessionFace = (options: SessionFaceOptions): Hono<EdgeEnv> => {
  const face = new Hono<EdgeEnv>()
    // Without a cookie too: no other page may sign anybody in, or out.
    .use(async (c, next) => {
      const forged = forgery(c.req.raw, options.origins)
      if (forged !== undefined) throw forged
      await next()
    })
    .get('/', (c) => {
      const session = c.get('browserSession')
      if (session === undefined) return c.json(nobody)
      const { kind, subject, expiresAt } = session
      return c.json({ kind, subject, expiresAt })
    })
    .delete('/', async (c) => {
      const session = c.get('browserSession')
      if (session !== undefined) await options.sessions.close(session)
      return new Response(null, { status: 204, headers: { 'set-cookie': clearedCookie } })
    })
  for (const [name, operation] of sessionOpeners(options.operations))
    face.post(`/${name}`, (c) => open(c, operation, options))
  return face
}

const open = async (
  c: Context<EdgeEnv>,
  operation: Operation,
  { sessions, upstream, bodyMaxBytes }: SessionFaceOptions,
): Promise<Response> => {
  const refused = refusal(operation, c.get('actor'))
  if (refused !== undefined) throw refused
  const input = await readInput(operation, { c, params: {}, bodyMaxBytes })
  const response = await sendCall(c, operation, { upstream, input })
  const text = await response.text()
  if (!response.ok) return failedCall(c, text, response)
  const { refreshToken } = Session.parse(JSON.parse(dataOf(text)))
  const { cookie, ...told } = await sessions.open(refreshToken, c.get('browserSession'))
  return c.json(told, 201, { 'set-cookie': sessionCookie(cookie) })
}

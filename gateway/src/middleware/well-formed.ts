/**
 * Refuses requests that our server lets through though they are not sound, or mean something that is not offered here:
 * what the server itself refuses never comes this far. The connection is closed after such an answer (RFC 9112, 9.6),
 * because the two ends may not agree on where the next request begins.
 *
 * Two things cannot be seen from here: the host of a target in absolute form, which the server leaves out (the Host
 * field is judged instead, and no answer depends on either), and extensions of chunks, which it passes over. And it ends
 * a connection without a word where a method is in no list of Node's, or where a request comes before the answer to the
 * one before is there.
 */
import { commonError, type ServiceError } from '@comptoir/contracts/errors'
import type { Context } from 'hono'
import type { EdgeEnv } from '../edge-context.ts'
import { answerProblem, problemFor } from '../problem.ts'

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const origin = /^https?:\/\/([\w.~-]+|\[[\da-f:.]+\])(:\d{1,5})?\//i

export const answerFault = (c: Context<EdgeEnv>, fault: ServiceError): Response => {
  const response = answerProblem(problemFor(fault, c.get('requestId'), c.req.path))
  response.headers.set('connection', 'close')
  if (fault.status === 405) response.headers.set('allow', [...methods].join(', '))
  return response
}

/** What is wrong with a request before anybody looks at what it asks for; undefined where nothing is. */
export const faultOf = (
  { method, url, headers }: Request,
  hosts?: ReadonlySet<string>,
): ServiceError | undefined => {
  if (!methods.has(method)) return commonError('METHOD_NOT_ALLOWED')
  // Repeated fields are joined with a comma, which neither a host nor a length can hold.
  if (!isSoundOrigin(url) || headers.get('host')?.includes(',') === true)
    return malformed('The header Host is not one host.')
  if (headers.get('content-length')?.includes(',') === true)
    return malformed('There is more than one Content-Length.')
  if (hosts !== undefined && !isFor(hosts, url)) return commonError('MISDIRECTED')
  if (url.includes('#')) return malformed('The target of a request has no fragment.')
  return undefined
}

/** Asked by those who run the gateway, under whatever address an instance has. */
const operators = new Set(['/healthz', '/livez', '/startupz', '/readyz', '/metrics'])

/** Whether a request is for one of the hosts (421, RFC 9110, 15.5.20): links and tokens name one origin. */
const isFor = (hosts: ReadonlySet<string>, url: string): boolean => {
  const begin = url.indexOf('//') + 2
  return (
    hosts.has(url.slice(begin, url.indexOf('/', begin)).toLowerCase()) || operators.has(new URL(url).pathname)
  )
}

/** Most requests are for the same host: the last one that was sound is sound. */
let sound = ''

const isSoundOrigin = (url: string): boolean => {
  const end = url.indexOf('/', 8) + 1
  if (sound !== '' && sound.length === end && url.startsWith(sound)) return true
  if (!origin.test(url) || !URL.canParse(url)) return false
  sound = url.slice(0, end)
  return true
}

const malformed = (message: string): ServiceError => commonError('MALFORMED_REQUEST', { message })

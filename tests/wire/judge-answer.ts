// What every refusal has to look like, on whatever face.
import { Problem } from '@comptoir/contracts/errors'
import { z } from 'zod'
import type { Answer } from '../journeys/ask.ts'

const inside = [
  '"stack"',
  'node_modules',
  '.ts:',
  'at async',
  'select "',
  'insert into',
  'postgres',
  '127.0.0.1',
  'ZodError',
  'TypeError',
  'SyntaxError',
]

const TrpcError = z.object({
  error: z.object({
    message: z.string(),
    code: z.number().int().negative(),
    data: z.object({ code: z.string(), httpStatus: z.number().int(), problem: Problem }),
  }),
})

const OauthError = z.strictObject({ error: z.string(), error_description: z.string() })

const GraphqlErrors = z.object({
  errors: z
    .array(z.object({ message: z.string(), extensions: z.object({ code: z.string() }).loose() }))
    .min(1),
})

/** What is wrong with the answer to a wrong request, in words; undefined where nothing is. The path says whose shape it is to have. */
export const faultIn = (
  answer: Pick<Answer, 'status' | 'headers' | 'text'>,
  path: string,
): string | undefined => {
  const { status, headers, text } = answer
  if (status >= 500) return `status ${status}: ${text.slice(0, 300)}`
  const type = headers.get('content-type') ?? ''
  const isRefused = status >= 400 || (path === '/graphql' && !type.startsWith('text/html'))
  const shown = isRefused ? inside.find((word) => text.includes(word)) : undefined
  if (shown !== undefined) return `shows ${shown}: ${text.slice(0, 300)}`
  // Nothing follows the head of an answer to HEAD.
  if (!isRefused || text === '') return undefined
  if (path.startsWith('/trpc/')) return faultInTrpc(text, status)
  if (path === '/graphql' && type !== 'application/problem+json') return faultInGraphql(text)
  if (path.startsWith('/oauth/') && type !== 'application/problem+json') return faultInOauth(text, type)
  return type === 'application/problem+json' ? faultInProblem(text, status) : `a refusal of the type ${type}`
}

const faultInGraphql = (text: string): string | undefined =>
  GraphqlErrors.safeParse(parse(text)).success ? undefined : `no errors of GraphQL: ${text.slice(0, 300)}`

/** People are told by a page, clients by RFC 6749, 5.2. */
const faultInOauth = (text: string, type: string): string | undefined => {
  if (type.startsWith('text/html')) return undefined
  return OauthError.safeParse(parse(text)).success ? undefined : `no error of OAuth: ${text.slice(0, 300)}`
}

const faultInProblem = (text: string, status: number): string | undefined => {
  const { error, data } = Problem.strict().safeParse(parse(text))
  if (error !== undefined) return `no problem document: ${text.slice(0, 300)}`
  if (data.status !== status) return `a problem of status ${data.status} under ${status}`
  return data.requestId === undefined ? 'a problem without the id of its request' : undefined
}

const faultInTrpc = (text: string, status: number): string | undefined => {
  const body = parse(text)
  const told = Array.isArray(body) ? body : [body]
  // The answers of a batch may be of both kinds; a refusal is one that is not a result.
  const refusals = told.filter((one) => !(typeof one === 'object' && one !== null && 'result' in one))
  // What never came to the face, for its method or its path, is refused as elsewhere.
  if (status === 404 || status === 405) {
    if (faultInProblem(text, status) === undefined) return undefined
  }
  const bad = refusals.find((one) => !TrpcError.safeParse(one).success)
  return bad === undefined ? undefined : `no error of tRPC: ${text.slice(0, 300)}`
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

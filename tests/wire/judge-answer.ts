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

/** What is wrong with an answer, in words; undefined where nothing is. `isTrpc` says whose shape an error is to have. */
export const faultIn = (
  answer: Pick<Answer, 'status' | 'headers' | 'text'>,
  isTrpc: boolean,
): string | undefined => {
  const { status, headers, text } = answer
  if (status >= 500) return `status ${status}: ${text.slice(0, 300)}`
  const shown = status < 400 ? undefined : inside.find((word) => text.includes(word))
  if (shown !== undefined) return `shows ${shown}: ${text.slice(0, 300)}`
  if (status < 400) return undefined
  const type = headers.get('content-type') ?? ''
  // Nothing follows the head of such an answer.
  if (text === '') return undefined
  if (!isTrpc && type !== 'application/problem+json') return `a refusal of the type ${type}`
  return isTrpc ? faultInTrpc(text, status) : faultInProblem(text, status)
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

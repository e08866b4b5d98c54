/** Errors told in a way that is safe to store: names, codes and places, never a value that somebody sent. */
import { ServiceError } from '@comptoir/contracts/errors'
import { z } from 'zod'

/** One line for a log or a dead letter: what went wrong and where, with causes. */
export const errorFacts = (error: unknown): string => {
  const parts: string[] = []
  let cause = error
  for (let depth = 0; cause !== undefined && cause !== null && depth < 4; depth += 1) {
    parts.push(factsOf(cause))
    cause = cause instanceof Error ? cause.cause : undefined
  }
  return parts.join(' ← ').slice(0, 1_000)
}

const factsOf = (error: unknown): string => {
  if (error instanceof z.ZodError) return `ZodError ${error.issues.slice(0, 5).map(issueFacts).join(', ')}`
  if (!(error instanceof Error)) return typeof error
  const facts = [error.name, codeOf(error), messageOf(error), constraintOf(error), placeOf(error)]
  return facts.filter((fact) => fact !== undefined && fact !== '').join(' ')
}

const issueFacts = (issue: z.core.$ZodIssue): string =>
  `${issue.code} at /${issue.path.map(String).join('/')}`

const codeOf = (error: Error): string | undefined =>
  'code' in error && (typeof error.code === 'string' || typeof error.code === 'number')
    ? String(error.code)
    : undefined

/** Only messages that a programmer wrote as a fixed sentence; a parser or a database quotes what it was given. */
const messageOf = (error: Error): string | undefined =>
  error instanceof ServiceError || error.name === 'PermanentError' || error instanceof TypeError
    ? `(${error.message})`
    : undefined

const constraintOf = (error: Error): string | undefined =>
  'constraint_name' in error && typeof error.constraint_name === 'string' ? error.constraint_name : undefined

/** The innermost frame of our own code. */
const placeOf = (error: Error): string | undefined => {
  const frame = error.stack
    ?.split('\n')
    .find((line) => /^\s*at /.test(line) && !line.includes('node_modules'))
  const place = frame === undefined ? undefined : /([\w.-]+:\d+):\d+\)?$/.exec(frame)?.[1]
  return place === undefined ? undefined : `at ${place}`
}

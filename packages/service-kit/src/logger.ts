/** Logs as JSON lines on standard output: trace ids on every line, secrets and personal data on none. */
import { trace } from '@opentelemetry/api'
import { pino } from 'pino'

export interface Logger {
  debug(message: string, fields?: Record<string, unknown>): void
  info(message: string, fields?: Record<string, unknown>): void
  warn(message: string, fields?: Record<string, unknown>): void
  error(message: string, fields?: Record<string, unknown>): void
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** Names of fields whose values never reach a log, wherever they occur. */
const hidden =
  /pass(word)?$|secret|token|authorization|cookie|api_?key|signature|card|cvc|e-?mail|phone|address|recipient|contact|^name$|^body$/i

/** Makes the logger of one process. Errors given as `error` are written with name, message, stack and causes. */
export const createLogger = (service: string, level: LogLevel = 'info'): Logger => {
  const sink = pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    mixin: traceIds,
  })
  const write =
    (method: 'debug' | 'info' | 'warn' | 'error') => (message: string, fields?: Record<string, unknown>) =>
      fields === undefined ? sink[method](message) : sink[method](redact(fields, 0), message)
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}

const traceIds = (): object => {
  const span = trace.getActiveSpan()?.spanContext()
  return span === undefined ? {} : { traceId: span.traceId, spanId: span.spanId }
}

const redact = (fields: Record<string, unknown>, depth: number): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      hidden.test(key) ? '***' : redactValue(value, depth + 1),
    ]),
  )

const redactValue = (value: unknown, depth: number): unknown => {
  if (value instanceof Error) return factsOf(value, depth)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return value
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`
  if (value instanceof Date) return value.toJSON()
  if (depth > 6) return '…'
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => redactValue(item, depth + 1))
  return redact({ ...value }, depth)
}

// Database errors carry the statement's parameters and the row in further members: only these are safe.
const factsOf = (error: Error, depth: number): Record<string, unknown> => ({
  error: error.name,
  message: messageOf(error),
  ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
  ...('constraint_name' in error ? { constraint: error.constraint_name } : {}),
  stack: framesOf(error),
  ...(error.cause === undefined || depth > 4 ? {} : { cause: redactValue(error.cause, depth + 1) }),
})

/**
 * What the programmer wrote. A parser quotes the text it was given, the database the value that does not fit (classes 22
 * and 23), and the query builder puts all parameters, which may have many lines, behind the statement.
 */
const messageOf = (error: Error): string | undefined => {
  if (error instanceof SyntaxError) return undefined
  if ('severity' in error && 'code' in error && /^2[23]/.test(String(error.code))) return undefined
  return error.message.split('\nparams: ')[0]
}

/** The stack without the message that it begins with. */
const framesOf = ({ message, stack }: Error): string | undefined =>
  stack
    ?.slice(stack.indexOf(message) + message.length)
    .split('\n')
    .filter((line) => /^ {4}at .*(:\d+:\d+\)?|\(unknown\))$/.test(line))
    .join('\n')

import type { Context } from 'hono'
import type { z } from 'zod'
import { AdminError } from './admin-error.ts'

const parseJson = (text: string): unknown => {
  try {
    return text === '' ? {} : JSON.parse(text)
  } catch {
    throw new AdminError(400, 'The body is not valid JSON.')
  }
}

// An empty body means no wishes.
export const readBody = async <Schema extends z.ZodType>(
  c: Context,
  schema: Schema,
): Promise<z.output<Schema>> => {
  const parsed = schema.safeParse(parseJson(await c.req.text()))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new AdminError(400, `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'invalid'}`)
}

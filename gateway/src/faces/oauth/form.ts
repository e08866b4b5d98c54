/** The parameters of a request to an OAuth 2.0 endpoint. */
import type { Context } from 'hono'
import { readBody } from '../../body.ts'
import type { EdgeEnv } from '../../edge-context.ts'
import { OAuthError } from './oauth-error.ts'

export type Form = ReadonlyMap<string, string>

const formMaxBytes = 32_768

/** Reads a form. A parameter without a value is as one that is left out (RFC 6749, 3.2). */
export const readForm = async (c: Context<EdgeEnv>, repeated: (name: string) => Error): Promise<Form> => {
  const [type = ''] = (c.req.raw.headers.get('content-type') ?? '').split(';')
  if (type.trim().toLowerCase() !== 'application/x-www-form-urlencoded')
    throw new OAuthError('invalid_request', 'The body must be application/x-www-form-urlencoded.')
  const bytes = await readBody(c, formMaxBytes)
  return readParameters(new URLSearchParams(decode(bytes)), repeated)
}

/** The parameters by name; throws what `repeated` makes of one that is there twice (RFC 6749, 3.1). */
const readParameters = (given: URLSearchParams, repeated: (name: string) => Error): Form => {
  const form = new Map<string, string>()
  for (const [name, value] of given) {
    if (value === '') continue
    if (form.has(name)) throw repeated(name)
    form.set(name, value)
  }
  return form
}

/** The value of a parameter that must be there. */
export const required = (form: Form, name: string): string => {
  const value = form.get(name)
  if (value === undefined) throw new OAuthError('invalid_request', `The parameter ${name} is missing.`)
  return value
}

/** The scopes of a parameter, as they are written (RFC 6749, 3.3); null where nothing is said of them. */
export const scopesIn = (parameter: string | undefined): string[] | null =>
  parameter?.split(' ').filter((scope) => scope !== '') ?? null

const decode = (bytes: Uint8Array | undefined): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new OAuthError('invalid_request', 'The body is not UTF-8.')
  }
}

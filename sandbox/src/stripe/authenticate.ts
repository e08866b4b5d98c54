import { basic, bearer, sameSecret } from '../secret.ts'
import type { Form } from './form.ts'
import { optionalText } from './params.ts'
import { StripeError } from './stripe-error.ts'

export type Keys = { secret: string; publishable: string }

const unauthorized = (message: string, code?: string): StripeError =>
  new StripeError({ status: 401, message, ...(code !== undefined && { code }) })

const redacted = (key: string): string => `${key.slice(0, 8)}${'*'.repeat(8)}${key.slice(-4)}`

// Says whose key this is; a publishable one may also travel as the parameter `key`, as Stripe.js sends it.
export const authenticate = (
  keys: Keys,
  { authorization, form, open }: { authorization: string | undefined; form: Form; open: boolean },
): { publishable: boolean } => {
  const given = bearer(authorization) ?? basic(authorization)?.user ?? optionalText(form, 'key')
  if (given === undefined || given === '')
    throw unauthorized(
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
    )
  if (sameSecret(given, keys.secret)) return { publishable: false }
  if (!sameSecret(given, keys.publishable)) throw unauthorized(`Invalid API Key provided: ${redacted(given)}`)
  if (!open)
    throw unauthorized(
      'This API call cannot be made with a publishable API key. Please use a secret API key.',
      'secret_key_required',
    )
  return { publishable: true }
}

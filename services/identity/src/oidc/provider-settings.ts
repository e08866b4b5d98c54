import { ProviderId } from '@comptoir/contracts/identity/provider-sign-in'
import { line } from '@comptoir/contracts/text'
import { SecretString } from '@comptoir/service-kit/secret'
import { z } from 'zod'

const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Over plain http whoever is on the way could be anybody at the provider; on loopback nobody is on the way. */
const isIssuer = (text: string): boolean => {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, search, hash, username } = new URL(text)
  const isPlain = search === '' && hash === '' && username === ''
  return isPlain && (protocol === 'https:' || (protocol === 'http:' && loopback.has(hostname)))
}

const ProviderSettings = z.strictObject({
  id: ProviderId,
  /** What people know it by. */
  name: line(60).optional(),
  issuer: z.string().refine(isIssuer, 'Expected an issuer such as https://accounts.google.com'),
  clientId: z.string().min(1),
  clientSecret: SecretString,
  scopes: z
    .string()
    .regex(/^openid( [\x21\x23-\x5B\x5D-\x7E]+)*$/, 'Expected openid and other scopes, such as openid email')
    .default('openid email profile'),
})
export type ProviderSettings = z.output<typeof ProviderSettings>

/** The providers of a shop, as a JSON array in one setting. */
export const ProvidersSetting = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      // The parser's own words would repeat what stands there, secrets too.
      context.addIssue('Expected JSON: an array of providers')
      return z.NEVER
    }
  })
  .pipe(
    z
      .array(ProviderSettings)
      .max(20)
      .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'Expected each id once'),
  )

/** Shapes of text that several contracts use. */
import { z } from 'zod'

export const Email = z.email().max(254).describe('An e-mail address')
export const Phone = z.string().regex(/^\+[1-9]\d{6,14}$/, 'Expected an E.164 number such as +447700900123')
export const CountryCode = z.string().regex(/^[A-Z]{2}$/, 'Expected an ISO 3166-1 alpha-2 code such as GB')
export const Locale = z.enum(['en', 'fr'])
export type Locale = z.infer<typeof Locale>
export const Timestamp = z.iso
  .datetime()
  // PostgreSQL knows no year 0000.
  .regex(/^(?!0000)/, 'Expected a year from 0001')
  .meta({ format: 'date-time', description: 'ISO 8601 in UTC' })
/** One line without control characters. Halves of surrogate pairs are no characters: PostgreSQL refuses them in JSON. */
export const line = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'Control characters and unpaired surrogates are not allowed')

/** Text of any number of lines; no NUL and no half of a surrogate pair, neither of which PostgreSQL can hold. */
export const text = (max: number) =>
  z
    .string()
    .max(max)
    // oxlint-disable-next-line no-control-regex -- NUL is what it is about
    .regex(/^[^\u0000\p{Cs}]*$/u, 'The character NUL and unpaired surrogates are not allowed')

/** A postal address with the person it belongs to. */
export const Address = z.strictObject({
  name: line(100),
  line1: line(100),
  line2: line(100).optional(),
  city: line(100),
  region: line(100).optional(),
  postalCode: line(16),
  country: CountryCode,
})
export type Address = z.infer<typeof Address>

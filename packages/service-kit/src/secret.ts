/** A value that does not print: not in logs, not in JSON, not in an error. */
import { z } from 'zod'

const hidden = new WeakMap<object, string>()

export class Secret {
  constructor(value: string) {
    hidden.set(this, value)
  }
  toString(): string {
    return '***'
  }
  toJSON(): string {
    return '***'
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '***'
  }
}

/** The value itself, for the one place that needs it. */
export const reveal = (secret: Secret): string => {
  const value = hidden.get(secret)
  if (value === undefined) throw new Error('This secret was not made here')
  return value
}

/** A configuration value that is read as a string of at least so many characters and kept as a Secret. */
export const secretString = (charactersMin: number) =>
  z
    .string()
    .min(charactersMin)
    .transform((value) => new Secret(value))

export const SecretString = secretString(1)

/** The address of a server, which may hold a password: checked like any text, kept as a Secret. */
export const secretAddress = (schema: z.ZodType<string, string>) =>
  schema.transform((value) => new Secret(value))

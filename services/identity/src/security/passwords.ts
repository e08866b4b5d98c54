import { commonError } from '@comptoir/contracts/errors'
import { limitConcurrency } from './concurrency.ts'

/** The parameters OWASP's password storage cheat sheet gives for argon2id. */
const argon2id = { algorithm: 'argon2id', memoryCost: 19_456, timeCost: 2 } as const

/** How a hash with these parameters begins. */
const present = `$argon2id$v=19$m=${argon2id.memoryCost},t=${argon2id.timeCost},p=1$`

export interface Passwords {
  hash(password: string): Promise<string>
  /** Whether a hash was made with other parameters than one that is made now. */
  isOutdated(hash: string): boolean
  /** Without a hash it works as long as with one and answers false: nobody can tell an unknown account by the time. */
  matches(password: string, hash: string | null | undefined): Promise<boolean>
}

/** Hashing takes a core for tens of milliseconds; what does not fit is refused rather than queued for ever. */
export const passwords = (): Passwords => {
  const limited = limitConcurrency({
    running: 4,
    waiting: 200,
    whenFull: () => commonError('UNAVAILABLE', { retryAfterSeconds: 1 }),
  })
  const nobodys = Bun.password.hash(crypto.randomUUID(), argon2id)
  return {
    hash: (password) => limited(() => Bun.password.hash(password, argon2id)),
    isOutdated: (hash) => !hash.startsWith(present),
    matches: async (password, hash) => {
      const against = hash ?? (await nobodys)
      const fits = await limited(() => Bun.password.verify(password, against))
      return fits && hash != null
    },
  }
}

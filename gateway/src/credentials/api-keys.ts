/** Keys of machines. identity knows them by their SHA-256; the edge knows for a while what it was told. */
import { createHash } from 'node:crypto'
import { BlockList, isIPv6 } from 'node:net'
import type { Actor } from '@comptoir/contracts/access'
import { commonError } from '@comptoir/contracts/errors'
import type { ResolvedApiKey } from '@comptoir/contracts/identity/machine-model'
import type { Revocations } from '../revocations.ts'
import { createKnownCredentials } from './known-credentials.ts'

/** A key that was made a moment ago may have been tried a moment before that. */
const unknownMs = 3_000
const knownMax = 10_000

export interface ApiKeyOptions {
  readonly revocations: Pick<Revocations, 'loaded' | 'revokes'>
  /** Null for a hash that is no key’s. */
  resolveApiKey(keyHash: string): Promise<ResolvedApiKey | null>
}

interface Known {
  readonly actor: Actor
  /** Undefined: from anywhere. */
  readonly networks: BlockList | undefined
  readonly until: number
}

export const isApiKey = (token: string): boolean => token.startsWith('ck_')

/** Makes the function that answers whose key this is; UNAUTHENTICATED for one that opens nothing from this address. */
export const createApiKeys = ({ revocations, resolveApiKey }: ApiKeyOptions) => {
  // Apart from those that are good: whoever tries many must not push these out.
  const unknown = createUnknown()
  const known = createKnownCredentials<Known>({
    ask: async (hash) => {
      await revocations.loaded()
      const key = await resolveApiKey(hash)
      if (key !== null) return knownOf(key)
      unknown.add(hash)
      return undefined
    },
    // What is revoked opens nothing, and there is no more to ask.
    holds: () => true,
    max: knownMax,
  })
  return async (key: string, address: string | undefined): Promise<Actor> => {
    if (!/^ck_live_[\w-]{43}$/.test(key)) throw commonError('UNAUTHENTICATED')
    const hash = createHash('sha256').update(key).digest('hex')
    if (unknown.has(hash)) throw commonError('UNAUTHENTICATED')
    const found = await known.find(hash)
    if (found === undefined || !opens(found, address) || revocations.revokes({ subject: found.actor.id }))
      throw commonError('UNAUTHENTICATED')
    return found.actor
  }
}

const opens = ({ until, networks }: Known, address: string | undefined): boolean =>
  Date.now() < until &&
  (networks === undefined ||
    (address !== undefined && networks.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')))

const knownOf = ({ id, scopes, networks, expiresAt }: ResolvedApiKey): Known => ({
  actor: { kind: 'client', id, scopes },
  networks: networks.length === 0 ? undefined : listOf(networks),
  until: expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(expiresAt),
})

const listOf = (networks: readonly string[]): BlockList => {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    list.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4')
  }
  return list
}

/** Hashes that are no key’s, for some seconds; the oldest go where there are too many. */
const createUnknown = () => {
  const until = new Map<string, number>()
  return {
    has: (hash: string): boolean => (until.get(hash) ?? 0) > Date.now(),
    add: (hash: string): void => {
      until.delete(hash)
      const oldest = until.size >= knownMax ? until.keys().next().value : undefined
      if (oldest !== undefined) until.delete(oldest)
      until.set(hash, Date.now() + unknownMs)
    },
  }
}

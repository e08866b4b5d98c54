/** Keys of machines. identity knows them by their SHA-256; the edge remembers for some seconds what it was told. */
import { createHash } from 'node:crypto'
import { BlockList, isIPv6 } from 'node:net'
import type { Actor } from '@comptoir/contracts/access'
import { commonError } from '@comptoir/contracts/errors'
import type { ResolvedApiKey } from '@comptoir/contracts/identity/machine-model'
import type { Revocations } from '../revocations.ts'

const knownMs = 30_000
/** A key that was made a moment ago may have been tried a moment before that. */
const unknownMs = 3_000
const keptMax = 10_000

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
  const known = createKept<Known>(knownMs)
  // Apart from those that are good: whoever tries many must not push these out.
  const unknown = createKept<true>(unknownMs)
  const asking = new Map<string, Promise<Known | undefined>>()
  const ask = async (hash: string): Promise<Known | undefined> => {
    await revocations.loaded()
    const key = await resolveApiKey(hash)
    if (key === null) {
      unknown.set(hash, true)
      return undefined
    }
    const told = knownOf(key)
    known.set(hash, told)
    return told
  }
  const askOnce = (hash: string): Promise<Known | undefined> => {
    const answer = asking.get(hash) ?? ask(hash).finally(() => asking.delete(hash))
    asking.set(hash, answer)
    return answer
  }
  return async (key: string, address: string | undefined): Promise<Actor> => {
    if (!/^ck_live_[\w-]{43}$/.test(key)) throw commonError('UNAUTHENTICATED')
    const hash = createHash('sha256').update(key).digest('hex')
    if (unknown.get(hash) === true) throw commonError('UNAUTHENTICATED')
    const found = known.get(hash) ?? (await askOnce(hash))
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

/** A map that forgets after a time, and the oldest where there are too many. */
const createKept = <V>(ms: number) => {
  const kept = new Map<string, { readonly value: V; readonly until: number }>()
  return {
    get: (key: string): V | undefined => {
      const entry = kept.get(key)
      return entry !== undefined && entry.until > Date.now() ? entry.value : undefined
    },
    set: (key: string, value: V): void => {
      kept.delete(key)
      const oldest = kept.size >= keptMax ? kept.keys().next().value : undefined
      if (oldest !== undefined) kept.delete(oldest)
      kept.set(key, { value, until: Date.now() + ms })
    },
  }
}

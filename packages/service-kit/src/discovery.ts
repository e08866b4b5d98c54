/** Instances find each other through the key-value bucket `registry`: each keeps its own entry alive and watches all. */
import { commonError } from '@comptoir/contracts/errors'
import { Kvm, type KV } from '@nats-io/kv'
import type { NatsConnection } from '@nats-io/transport-node'
import type { JWK } from 'jose'
import type { CallerKey } from './actor-token.ts'
import { errorFacts } from './error-facts.ts'
import type { Logger } from './logger.ts'
import { followBucket } from './starting/follow-bucket.ts'
import { createRegistryView, type Entry, type RegistryView, type Target } from './starting/registry-view.ts'
import { settledWithin } from './worker.ts'

export type { Target }

const refreshMs = 4_000
const farewellMs = 1_000
/** Anybody can send a token with the name of a key that nobody has: such names cost no more lookups at once than this. */
const lookupsMax = 32

export interface Instance {
  /** `<service>.<instance>` */
  readonly id: string
  readonly service: string
  readonly url: string
  readonly publicJwk: JWK
}

export interface Registry {
  /**
   * Picks an instance: of two random ones that with fewer calls under way, and none that has just failed several times in a
   * row while there are others. Undefined when none is known.
   */
  pick(service: string): Target | undefined
  /**
   * The key of a process that may call; looked up in the bucket when it is not known yet. UNAVAILABLE without NATS, and
   * where too many unknown ones are asked for at once.
   */
  keyOf(kid: string): Promise<CallerKey | undefined>
  /** Calls back with the service of each instance that shows up. */
  onArrival(callback: (service: string) => void): void
  /** Whether NATS is there to tell of what changes. */
  isConnected(): boolean
  /** Asks for no more calls; those that this instance still makes are believed until it stops. */
  leave(): Promise<void>
  /** Takes this instance out and watches no more. */
  stop(): Promise<void>
}

export interface RegistryOptions {
  readonly nats: NatsConnection
  readonly self: Instance
  readonly fixedUrls: ReadonlyMap<string, string>
  readonly log: Logger
}

/** Registers this process and follows all others. Resolves when the present entries have been read. */
export const startRegistry = async ({ nats, self, fixedUrls, log }: RegistryOptions): Promise<Registry> => {
  const kv = await new Kvm(nats).open('registry')
  const arrivals = new Set<(service: string) => void>()
  const view = createRegistryView((arrived) => arrivals.forEach((tell) => tell(arrived)))
  const { id, service, url, publicJwk } = self
  let entry: Entry = { service, url, publicJwk }
  let storedAt = 0
  const put = async (): Promise<void> => {
    const sentAt = performance.now()
    await kv.put(id, JSON.stringify(entry))
    storedAt = sentAt
  }
  await put()
  const watching = followBucket({
    open: async () => kv,
    log,
    complaint: 'The registry cannot be watched',
    take: (entry) => {
      if (entry.operation === 'PUT') view.remember(entry.key, entry.string())
      else view.forget(entry.key)
    },
  })
  const isConnected = followStatus(nats, view)
  const beat = setInterval(() => {
    // While NATS is away nobody can refresh, so nobody is dropped; a call that fails drops its target anyway.
    if (isConnected()) view.dropSilent()
    // A bucket that was lost and made again tells an old watch nothing: not even of our own entry, refreshed long since.
    if (isConnected() && view.seenAt(id) < storedAt) watching.again()
    put().catch((error: unknown) => log.warn('The registry entry was not refreshed', facts(error)))
  }, refreshMs)
  await watching.primed
  const farewell = (work: () => Promise<void>) =>
    isConnected()
      ? settledWithin(
          work().catch(() => undefined),
          farewellMs,
        )
      : Promise.resolve()
  return {
    pick: (name) => fixedTarget(fixedUrls.get(name)) ?? view.pick(name),
    keyOf: createKeyOf(kv, view),
    onArrival: (callback) => void arrivals.add(callback),
    isConnected,
    leave: () => {
      entry = { ...entry, leaving: true }
      return farewell(put)
    },
    stop: async () => {
      clearInterval(beat)
      watching.stop()
      await farewell(() => kv.delete(id))
    },
  }
}

const facts = (error: unknown) => ({ reason: errorFacts(error) })

const followStatus = (nats: NatsConnection, view: RegistryView): (() => boolean) => {
  let connected = true
  const run = async (): Promise<void> => {
    for await (const { type } of nats.status()) {
      if (type === 'disconnect') connected = false
      if (type !== 'reconnect') continue
      view.pardon()
      connected = true
    }
  }
  void run()
  return () => connected && !nats.isClosed()
}

const fixedTarget = (url: string | undefined): Target | undefined =>
  url === undefined
    ? undefined
    : { url, release: () => undefined, failed: () => undefined, answered: () => false }

/** A process may call before the watch has told of it, so a name that is not known is looked up: once for all who ask. */
const createKeyOf = (kv: KV, view: RegistryView): Registry['keyOf'] => {
  const lookups = new Map<string, Promise<CallerKey | undefined>>()
  const lookUp = async (kid: string): Promise<CallerKey | undefined> => {
    const found = await kv.get(kid).catch((cause: unknown) => {
      throw commonError('UNAVAILABLE', { cause })
    })
    if (found?.operation === 'PUT') view.remember(kid, found.string())
    return view.keyOf(kid)
  }
  return async (kid) => {
    const known = view.keyOf(kid)
    if (known !== undefined || !/^[a-z]+\.[\w-]{1,64}$/.test(kid)) return known
    const asked = lookups.get(kid)
    if (asked !== undefined) return asked
    if (lookups.size >= lookupsMax) throw commonError('UNAVAILABLE', { retryAfterSeconds: 1 })
    const lookup = lookUp(kid).finally(() => lookups.delete(kid))
    lookups.set(kid, lookup)
    return lookup
  }
}

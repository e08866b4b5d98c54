/** Instances find each other through the key-value bucket `registry`: each keeps its own entry alive and watches all. */
import { commonError } from '@comptoir/contracts/errors'
import { Kvm, type KV, type KvEntry } from '@nats-io/kv'
import type { NatsConnection } from '@nats-io/transport-node'
import type { JWK } from 'jose'
import { z } from 'zod'
import type { CallerKey } from './actor-token.ts'
import type { Logger } from './logger.ts'

const refreshMs = 4_000
/** Entries live 15 s in the bucket; one that is not refreshed is dropped here at the same age. */
const lifetimeMs = 15_000

const Entry = z.object({ service: z.string(), url: z.url(), publicJwk: z.record(z.string(), z.unknown()) })

export interface Instance {
  /** `<service>.<instance>` */
  readonly id: string
  readonly service: string
  readonly url: string
  readonly publicJwk: JWK
}

/** A chosen instance; `release` when the call is over. */
export interface Target {
  readonly url: string
  release(): void
  /** The instance did not take the connection: pass it over until it shows up again. */
  failed(): void
}

export interface Registry {
  /** Picks an instance: of two random ones that with fewer calls under way. Undefined when none is known. */
  pick(service: string): Target | undefined
  /** The key of a process that may call; looked up in the bucket when it is not known yet. UNAVAILABLE without NATS. */
  keyOf(kid: string): Promise<CallerKey | undefined>
  /** Takes this instance out; it can be called on for as long as the others need to notice. */
  leave(): Promise<void>
  stop(): Promise<void>
}

interface Known extends Instance {
  pending: number
  seenAt: number
}

interface View {
  readonly entries: Map<string, Known>
  /** While NATS is away nobody can refresh, so nobody is dropped; a call that fails drops its target anyway. */
  connected: boolean
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
  const view: View = { entries: new Map(), connected: true }
  const put = () =>
    kv.put(self.id, JSON.stringify({ service: self.service, url: self.url, publicJwk: self.publicJwk }))
  await put()
  const watch = await kv.watch()
  const primed = follow(watch, view, log)
  const beat = setInterval(() => {
    void put().catch(() => log.warn('registry entry not refreshed'))
    if (view.connected) dropSilent(view)
  }, refreshMs)
  void followStatus(nats, view)
  await primed
  return {
    pick: (service) => fixedTarget(fixedUrls.get(service)) ?? pickOf(view, service),
    keyOf: (kid) => keyOf(kv, view, kid),
    leave: async () => {
      clearInterval(beat)
      await kv.delete(self.id).catch(() => undefined)
    },
    stop: async () => {
      clearInterval(beat)
      watch.stop()
    },
  }
}

/** Applies the bucket's changes. Resolves when the entries that were there at the start have been applied. */
const follow = (watch: AsyncIterable<KvEntry>, view: View, log: Logger): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const run = async () => {
    for await (const entry of watch) {
      if (entry.operation === 'PUT') remember(view, entry.key, entry.string())
      else view.entries.delete(entry.key)
      if (entry.delta === 0) resolve()
    }
  }
  run().catch((error: unknown) => log.error('registry watch ended', { error }))
  return promise
}

const remember = (view: View, id: string, text: string): Known | undefined => {
  const parsed = Entry.safeParse(parse(text))
  if (!parsed.success) return undefined
  const entry = { id, ...parsed.data, pending: view.entries.get(id)?.pending ?? 0, seenAt: Date.now() }
  view.entries.set(id, entry)
  return entry
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const followStatus = async (nats: NatsConnection, view: View): Promise<void> => {
  for await (const status of nats.status()) {
    if (status.type === 'disconnect') view.connected = false
    if (status.type !== 'reconnect') continue
    for (const entry of view.entries.values()) entry.seenAt = Date.now()
    view.connected = true
  }
}

const dropSilent = ({ entries }: View): void => {
  for (const entry of entries.values()) if (Date.now() - entry.seenAt > lifetimeMs) entries.delete(entry.id)
}

const fixedTarget = (url: string | undefined): Target | undefined =>
  url === undefined ? undefined : { url, release: () => undefined, failed: () => undefined }

const pickOf = (view: View, service: string): Target | undefined => {
  const all = [...view.entries.values()].filter((entry) => entry.service === service)
  const [one, other] = [draw(all), draw(all)]
  if (one === undefined || other === undefined) return undefined
  const chosen = other.pending < one.pending ? other : one
  chosen.pending += 1
  let open = true
  const release = () => {
    if (open) chosen.pending -= 1
    open = false
  }
  return {
    url: chosen.url,
    release,
    failed: () => {
      release()
      view.entries.delete(chosen.id)
    },
  }
}

const draw = <T>(all: readonly T[]): T | undefined => all[Math.floor(Math.random() * all.length)]

const keyOf = async (kv: KV, view: View, kid: string): Promise<CallerKey | undefined> => {
  const entry = view.entries.get(kid)
  if (entry !== undefined) return entry
  if (!/^[a-z]+\.[\w-]+$/.test(kid)) return undefined
  // A process may call before the watch has told of it.
  const found = await kv.get(kid).catch((cause: unknown) => {
    throw commonError('UNAVAILABLE', { cause })
  })
  return found === null || found.operation !== 'PUT' ? undefined : remember(view, kid, found.string())
}

/** The instances as this process knows them: whom it can call, and whose signatures it believes. */
import type { JWK } from 'jose'
import { z } from 'zod'
import type { CallerKey } from '../actor-token.ts'
import { createEjection, type Ejection } from './ejection.ts'

/** Entries live 15 s in the bucket; one that is not refreshed is dropped here at the same age. */
const lifetimeMs = 15_000
/** What an instance sent before it left, or while it could not refresh its entry, is believed for this long. */
const keyLifetimeMs = 5 * 60_000

const Entry = z.object({
  service: z.string(),
  url: z.url(),
  publicJwk: z.record(z.string(), z.unknown()),
  /** It still calls others, but wants no calls any more. */
  leaving: z.boolean().optional(),
})
export type Entry = Omit<z.output<typeof Entry>, 'publicJwk'> & { readonly publicJwk: JWK }

/** A chosen instance; `release` when the call is over. */
export interface Target {
  readonly url: string
  release(): void
  /** The instance did not take the call: pass it over until it shows up again, where there is another one. */
  failed(): void
  /**
   * What came of the call. An instance that is not well several times in a row is ejected for some seconds, where there is
   * another one. True where it was not well, and is ejected while others are there: that tells nothing of the service.
   */
  answered(well: boolean): boolean
}

export interface RegistryView {
  /** Takes an entry in; one whose key does not begin with its service is passed over, so that nobody speaks for another. */
  remember(id: string, text: string): void
  forget(id: string): void
  /** Of two random instances that with fewer calls under way; none that is ejected, unless all are. */
  pick(service: string): Target | undefined
  keyOf(id: string): CallerKey | undefined
  /** When an entry was last told of, in `performance.now()` milliseconds; 0 for never. */
  seenAt(id: string): number
  /** Drops what has not been refreshed; call it only while refreshes can arrive. */
  dropSilent(): void
  /** Refreshes can arrive again: everybody gets the time for one. */
  pardon(): void
}

interface Known {
  readonly id: string
  readonly service: string
  readonly ejection: Ejection
  url: string
  pending: number
  seenAt: number
}

/** `onArrival` is told the service of each instance that was not there before. `now` in milliseconds. */
export const createRegistryView = (
  onArrival: (service: string) => void = () => undefined,
  now: () => number = () => performance.now(),
): RegistryView => {
  const instances = new Map<string, Known>()
  const keys = new Map<string, CallerKey & { seenAt: number }>()
  return {
    remember: (id, text) => {
      const { data: entry } = Entry.safeParse(parse(text))
      if (entry === undefined || !id.startsWith(`${entry.service}.`)) return
      const { service, url, publicJwk } = entry
      const seenAt = now()
      keys.set(id, { service, publicJwk, seenAt })
      if (entry.leaving === true) return void instances.delete(id)
      const known = instances.get(id)
      // The same one: its calls under way are given back to it.
      if (known !== undefined) return void Object.assign(known, { url, seenAt })
      instances.set(id, { id, service, url, seenAt, pending: 0, ejection: createEjection(now) })
      onArrival(service)
    },
    forget: (id) => {
      instances.delete(id)
    },
    pick: (service) => pickOf(instances, service),
    keyOf: (id) => keys.get(id),
    seenAt: (id) => keys.get(id)?.seenAt ?? 0,
    dropSilent: () => {
      dropOlder(instances, now() - lifetimeMs)
      dropOlder(keys, now() - keyLifetimeMs)
    },
    pardon: () => {
      const seenAt = now()
      for (const known of [...instances.values(), ...keys.values()]) known.seenAt = seenAt
    },
  }
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const dropOlder = (seen: Map<string, { readonly seenAt: number }>, before: number): void => {
  for (const [id, { seenAt }] of seen) if (seenAt < before) seen.delete(id)
}

const isOut = ({ ejection, seenAt, pending }: Known): boolean => ejection.isOut(seenAt, pending)

const pickOf = (instances: Map<string, Known>, service: string): Target | undefined => {
  const all = [...instances.values()].filter((instance) => instance.service === service)
  const well = all.filter((instance) => !isOut(instance))
  // Where all are ejected it may be the calls that are bad; and who fails may be better than nobody.
  const chosen = lessBusyOfTwo(well.length === 0 ? all : well)
  return chosen === undefined ? undefined : targetOf(chosen, instances)
}

const lessBusyOfTwo = (all: readonly Known[]): Known | undefined => {
  const one = draw(all)
  if (one === undefined) return undefined
  const other = draw(all.filter((instance) => instance !== one)) ?? one
  return other.pending < one.pending ? other : one
}

const targetOf = (chosen: Known, instances: Map<string, Known>): Target => {
  const { id, service, url, ejection } = chosen
  const others = () => [...instances.values()].filter((one) => one.service === service && one.id !== id)
  const era = ejection.era()
  let open = true
  const release = () => {
    if (open) chosen.pending -= 1
    open = false
  }
  chosen.pending += 1
  return {
    url,
    release,
    failed: () => {
      release()
      // The only one is asked again: it may have come back at its old address.
      if (others().length > 0) instances.delete(id)
    },
    answered: (well) => {
      ejection.answered(era, well)
      return !well && isOut(chosen) && others().some((other) => !isOut(other))
    },
  }
}

const draw = <T>(all: readonly T[]): T | undefined => all[Math.floor(Math.random() * all.length)]

/** Live settings: read from memory at any time, kept up to date from the key-value bucket `settings`. */
import {
  checkSetting,
  type SettingDeclarations,
  type ValueOf,
  type ValuesOf,
} from '@comptoir/contracts/setting'
import { Kvm, type KvEntry } from '@nats-io/kv'
import type { NatsConnection } from '@nats-io/transport-node'
import type { Logger } from './logger.ts'
import { followBucket } from './starting/follow-bucket.ts'

/** A bucket that was lost and made again tells an old watch nothing, so all of it is read again now and then. */
const rereadEveryMs = 60_000

export interface LiveSettings<D extends SettingDeclarations> {
  /** The value that holds now: the last valid one of the bucket, or the default. */
  get<K extends keyof D & string>(name: K): ValueOf<D, K>
  /** Calls back at each later change of a value. Returns what ends that. */
  onChange<K extends keyof D & string>(name: K, listener: (value: ValueOf<D, K>) => void): () => void
  /**
   * Follows the bucket from now on, through losses of the connection. A
   * value that is not valid is refused with one line in the log; what held before stays. All of it is read again every
   * `rereadMs`, a minute unless told.
   */
  follow(nats: NatsConnection, log: Logger, rereadMs?: number): FollowedSettings
}

export interface FollowedSettings {
  /** Resolves when the values that were there at the start have been read; never, where the bucket cannot be read. */
  readonly primed: Promise<void>
  stop(): void
}

/** What a service needs of its settings to keep them up to date. */
export type Followable = Pick<LiveSettings<SettingDeclarations>, 'follow'>

/** Makes settings that hold their defaults; `defaults` replaces some of the declared ones and must be valid. */
export const createSettings = <D extends SettingDeclarations>(
  declarations: D,
  defaults: Partial<ValuesOf<D>> = {},
): LiveSettings<D> => {
  const fallback = new Map<string, unknown>(
    Object.entries(declarations).map(([name, declaration]) => [name, declaration.default]),
  )
  for (const [name, value] of Object.entries(defaults)) if (value !== undefined) fallback.set(name, value)
  const values = new Map(fallback)
  const listeners = new Map<string, Set<(value: unknown) => void>>()
  const hold = (name: string, value: unknown): void => {
    if (Bun.deepEquals(values.get(name), value)) return
    values.set(name, value)
    for (const tell of listeners.get(name) ?? []) tell(value)
  }
  const refused = new Map<string, number>()
  const take = (entry: KvEntry, log: Logger): void => {
    const declaration = Object.hasOwn(declarations, entry.key) ? declarations[entry.key] : undefined
    // A setting of a newer or an older version is not for us to judge.
    if (declaration === undefined) return
    if (entry.operation !== 'PUT') return hold(entry.key, fallback.get(entry.key))
    const checked = checkSetting(declaration, entry.string())
    if (checked.ok) return hold(entry.key, checked.value)
    if (refused.get(entry.key) === entry.revision) return
    refused.set(entry.key, entry.revision)
    const { key: setting, revision } = entry
    log.warn('A live setting was refused; the old value stays', {
      setting,
      revision,
      expected: checked.expected,
    })
  }
  return {
    // Only values that the declaration's own schema has let through are ever held.
    get: <K extends keyof D & string>(name: K) => values.get(name) as ValueOf<D, K>,
    onChange: <K extends keyof D & string>(name: K, listener: (value: ValueOf<D, K>) => void) => {
      const tell = (value: unknown) => listener(value as ValueOf<D, K>)
      const told = listeners.get(name) ?? new Set()
      listeners.set(name, told.add(tell))
      return () => told.delete(tell)
    },
    follow: (nats, log, rereadMs = rereadEveryMs) => {
      const following = followBucket({
        open: () => new Kvm(nats).open('settings'),
        log,
        complaint: 'The live settings cannot be watched',
        take: (entry) => take(entry, log),
      })
      const reread = setInterval(following.again, rereadMs)
      return {
        primed: following.primed,
        stop: () => {
          clearInterval(reread)
          following.stop()
        },
      }
    },
  }
}

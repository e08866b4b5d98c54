import { JetStreamApiError } from '@nats-io/jetstream'
import { KvWatchInclude, Kvm } from '@nats-io/kv'
import { connect } from '@nats-io/transport-node'

/** What the bucket `settings` holds under a name. Revision 0: it never held anything; no JSON: it holds nothing now. */
export type StoredSetting = { json: string | undefined; revision: number }

export type SettingChange = StoredSetting & { name: string; at: Date }

export type SettingsBucket = {
  read(name: string): Promise<StoredSetting>
  /**
   * Stores JSON, or takes it out where that is undefined, unless somebody has done so since `revision`: then false, and
   * nothing is changed.
   */
  write(name: string, json: string | undefined, revision: number): Promise<boolean>
  /** Each change from now on, until the bucket is closed. */
  changes(): AsyncIterable<SettingChange>
  close(): Promise<void>
}

const wrongLastSequence = new Set([10071, 10164])

/** Connects to the server (5 s at most) and opens its live settings. */
export async function openSettings(url: string): Promise<SettingsBucket> {
  const nc = await connect({ servers: url, name: 'settings', timeout: 5_000, maxReconnectAttempts: -1 })
  const kv = await new Kvm(nc).open('settings')
  return {
    read: async (name) => {
      const entry = await kv.get(name)
      if (entry === null) return { json: undefined, revision: 0 }
      return { json: entry.operation === 'PUT' ? entry.string() : undefined, revision: entry.revision }
    },
    write: (name, json, previousSeq) =>
      unlessChanged(() =>
        json === undefined ? kv.delete(name, { previousSeq }) : kv.put(name, json, { previousSeq }),
      ),
    async *changes() {
      for await (const entry of await kv.watch({ include: KvWatchInclude.UpdatesOnly })) {
        const json = entry.operation === 'PUT' ? entry.string() : undefined
        yield { name: entry.key, json, revision: entry.revision, at: entry.created }
      }
    },
    close: () => nc.close(),
  }
}

async function unlessChanged(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (error instanceof JetStreamApiError && wrongLastSequence.has(error.code)) return false
    throw error
  }
}

import { jetstreamManager } from '@nats-io/jetstream'
import { Kvm } from '@nats-io/kv'
import { connect } from '@nats-io/transport-node'
import { provision, type Provisioned, type ProvisionOptions } from './provision.ts'

type Preparation = ProvisionOptions & {
  /** Drops the entries of instances of an earlier run; only where nothing of the shop runs yet. */
  forgetInstances?: boolean
}

/** Connects to the server (10 s at most), provisions it and closes the connection. */
export async function prepareServer(url: string, options: Preparation = {}): Promise<Provisioned> {
  const nc = await connect({ servers: url, name: 'provision', timeout: 10_000 })
  try {
    const done = await provision(nc, options)
    if (options.forgetInstances) await (await jetstreamManager(nc)).streams.purge('KV_registry')
    return done
  } finally {
    await nc.close()
  }
}

/**
 * Resolves once each of the services has an instance in the registry, one that is named twice two of them; `onArrival`
 * tells of each with those still missing. Rejects when the signal is aborted.
 */
export async function awaitInstances(
  url: string,
  services: readonly string[],
  options: { signal: AbortSignal; onArrival?: (service: string, missing: string[]) => void },
): Promise<void> {
  const missing = [...services]
  const arrived = new Set<string>()
  if (missing.length === 0) return
  const nc = await connect({ servers: url, name: 'await-instances', maxReconnectAttempts: -1 })
  const watch = await (await new Kvm(nc).open('registry')).watch()
  const abort = () => watch.stop()
  options.signal.addEventListener('abort', abort)
  try {
    options.signal.throwIfAborted()
    for await (const entry of watch) {
      const service = entry.key.split('.')[0] ?? ''
      const place = missing.indexOf(service)
      if (entry.operation !== 'PUT' || place === -1 || arrived.has(entry.key)) continue
      arrived.add(entry.key)
      missing.splice(place, 1)
      options.onArrival?.(service, [...missing])
      if (missing.length === 0) return
    }
    options.signal.throwIfAborted()
  } finally {
    options.signal.removeEventListener('abort', abort)
    await nc.close()
  }
}

/** Everything of a service that hangs on NATS: it joins whenever the server is there, and the service runs without it. */
import type { Contract } from '@comptoir/contracts/contract'
import { commonError } from '@comptoir/contracts/errors'
import type { NatsConnection } from '@nats-io/transport-node'
import type { CallerKey } from '../actor-token.ts'
import type { KitConfig } from '../config.ts'
import { startConsumers, type RunningConsumers } from '../inbox/consume.ts'
import type { ServiceContext } from '../context.ts'
import type { DatabaseHandle } from '../database.ts'
import { startRegistry, type Instance, type Registry } from '../discovery.ts'
import type { CheckState } from '../health.ts'
import type { Logger } from '../logger.ts'
import { connectNats } from '../nats.ts'
import { startRelay, type Relay } from '../outbox/relay.ts'
import type { ServiceDefinition } from '../service.ts'
import { reveal } from '../secret.ts'
import type { FollowedSettings } from '../settings.ts'
import { settledWithin } from '../worker.ts'

const relayLagMaxSeconds = 60
const registryWaitMs = 1_000
/** Settings that cannot be read are no reason not to run: their defaults hold. */
const settingsWaitMs = 2_000
const joinAgainMs = 2_000

export interface BrokerOptions<Ctx extends ServiceContext> {
  readonly config: KitConfig
  readonly definition: Pick<ServiceDefinition<Contract, Ctx>, 'name' | 'consumers' | 'settings'>
  readonly handle: DatabaseHandle
  readonly context: () => Ctx
  readonly log: Logger
}

export interface Broker {
  /**
   * Connects, registers `self`, starts the relay and the consumers. Resolves once all of that is so; what fails on the way
   * is tried again, because a service that went on without it would be deaf for the rest of its life.
   */
  join(self: Instance): Promise<void>
  readonly registry: Registry | undefined
  /**
   * The key of a process that calls. Others see our entry a moment before we have read theirs, so this waits for it;
   * UNAVAILABLE where the registry cannot be read.
   */
  keyOf(kid: string): Promise<CallerKey | undefined>
  wakeRelay(): void
  /** State of the connection, and of the outbox that waits for it. */
  connection(): CheckState
  outbox(): Promise<CheckState>
  /** Takes the instance out of the registry. */
  leave(): Promise<void>
  /** Finishes the messages in work and takes no more. */
  stopConsumers(): Promise<void>
  close(): Promise<void>
}

export const createBroker = <Ctx extends ServiceContext>(options: BrokerOptions<Ctx>): Broker => {
  const { config, definition, handle, log } = options
  const service = definition.name
  let nats: NatsConnection | undefined
  let registry: Registry | undefined
  const registered = Promise.withResolvers<void>()
  let relay: Relay | undefined
  let consumers: RunningConsumers | undefined
  let settings: FollowedSettings | undefined
  let disconnected = false
  let closed = false
  const patiently = createPatience(log, () => closed)
  return {
    join: async (self) => {
      const nc = await connectNats(reveal(config.NATS_URL), service)
      nats = nc
      void follow(nc, (away) => {
        disconnected = away
      })
      registry = await patiently(() => startRegistry({ nats: nc, self, fixedUrls: config.fixedUrls, log }))
      registered.resolve()
      settings = definition.settings?.follow(nc, log)
      if (settings !== undefined) await settledWithin(settings.primed, settingsWaitMs)
      relay = startRelay({ handle, nc, source: service, log })
      const context = options.context()
      const bindings = definition.consumers ?? []
      consumers = await patiently(() => startConsumers({ handle, nc, service, bindings, context, log }))
    },
    get registry() {
      return registry
    },
    keyOf: async (kid) => {
      if (registry === undefined) await settledWithin(registered.promise, registryWaitMs)
      if (registry === undefined) throw commonError('UNAVAILABLE', { retryAfterSeconds: 1 })
      return registry.keyOf(kid)
    },
    wakeRelay: () => relay?.wake(),
    connection: () => (consumers === undefined || disconnected || nats?.isClosed() ? 'degraded' : 'ok'),
    outbox: async () => {
      if (relay === undefined) return 'degraded'
      return (await relay.lag()).oldestSeconds > relayLagMaxSeconds ? 'degraded' : 'ok'
    },
    leave: async () => registry?.leave(),
    stopConsumers: async () => consumers?.stop(),
    close: async () => {
      closed = true
      await relay?.stop()
      settings?.stop()
      await registry?.stop()
      await nats?.close()
    },
  }
}

/** Tries a step until it is done; once nobody waits for it any more, its failure ends that. */
const createPatience =
  (log: Logger, closed: () => boolean) =>
  async <T>(step: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await step()
      } catch (error) {
        if (closed()) throw error
        log.error('could not join NATS; it is tried again', { error })
        await Bun.sleep(joinAgainMs)
      }
    }
  }

const follow = async (nats: NatsConnection, tell: (away: boolean) => void): Promise<void> => {
  for await (const status of nats.status()) {
    if (status.type === 'disconnect') tell(true)
    if (status.type === 'reconnect') tell(false)
  }
}

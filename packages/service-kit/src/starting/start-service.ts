/** Puts a service on its servers: database first, then its HTTP face, then NATS, which may come late. */
import type { Contract } from '@comptoir/contracts/contract'
import { createTokenIssuer, createTokenKeys, createTokenVerifier, type TokenKeys } from '../actor-token.ts'
import { baseContext } from './base-context.ts'
import { createBroker, type Broker } from './broker.ts'
import { createClient } from '../client.ts'
import type { KitConfig } from '../config.ts'
import type { ServiceContext } from '../context.ts'
import type { DatabaseHandle } from '../database.ts'
import { createHealth, type Health } from '../health.ts'
import { createIdempotencyStore } from '../serving/idempotency.ts'
import { implement } from '../serving/implement.ts'
import { reveal } from '../secret.ts'
import { createLogger } from '../logger.ts'
import { migrate } from '../storage/migrate.ts'
import { openDatabase } from '../storage/open-database.ts'
import { createRedact } from '../storage/redact.ts'
import { createRetention } from '../storage/retention.ts'
import { serve, type Phase, type Serving } from '../serving/serve.ts'
import type { Connect, RunningService, ServiceDefinition, Substitutes } from '../service.ts'
import { startTelemetry, tracing } from '../telemetry.ts'
import type { Hop } from '../way-to-instances.ts'
import { settledWithin, startWorkers, type RunningWorkers } from '../worker.ts'

const natsWaitMs = 10_000
const requestGraceMs = 10_000
/** All that is under way, within this: with what comes before and after it, a process has ended 25 s after its signal. */
const finishMs = 15_000

/** Starts a service. Resolves once it answers and has joined NATS; where NATS is away, once it answers. */
export const startService = async <C extends Contract, Ctx extends ServiceContext>(
  definition: ServiceDefinition<C, Ctx>,
  config: KitConfig,
  substitutes: Substitutes = {},
): Promise<RunningService<Ctx>> => {
  const { name } = definition
  const keys = await createTokenKeys(`${name}.${crypto.randomUUID()}`)
  const log = createLogger(name, config.LOG_LEVEL)
  const telemetry = startTelemetry({ service: name, instance: keys.kid, ...tracing(config), log })
  const handle = await openMigrated(definition, config)

  const broker = createBroker({ config, definition, handle, context: () => context, log })
  const base = baseContext({
    service: name,
    handle,
    log,
    clock: substitutes.clock,
    wakeRelay: broker.wakeRelay,
    wakeWorker: (worker) => workers.wake(worker),
  })
  const context = await definition.context(base, substitutes.connect ?? connectTo(name, keys, broker))
  await definition.start?.(context)
  const own = [...(definition.workers ?? []), createRetention(handle, log), createRedact(handle, log)]
  const workers = startWorkers({ service: name, workers: own, context, log })

  const phase: Phase = { started: false, draining: false }
  const server = serve({
    hostname: config.HOST,
    port: config.PORT,
    telemetry,
    log,
    phase,
    health: serviceHealth(handle, broker, phase),
    handle: implement({
      service: name,
      contract: definition.contract,
      procedures: definition.procedures,
      replays: definition.replays,
      context,
      idempotency: createIdempotencyStore({ handle, leaseMs: config.IDEMPOTENCY_LEASE_MS }),
      verify: createTokenVerifier(name, broker.keyOf),
    }),
  })
  const url = config.ADVERTISED_URL ?? server.url
  await settledWithin(
    broker.join({ id: keys.kid, service: name, url, publicJwk: keys.publicJwk }),
    natsWaitMs,
  )
  phase.started = true
  log.info('listening', { url })
  const stop = async () => {
    phase.draining = true
    await broker.leave()
    await Bun.sleep(config.DRAIN_MS)
    await finish({ broker, workers, server, handle })
  }
  return { url, context, stop }
}

const openMigrated = async (
  { name, migrations }: { name: string; migrations: string },
  config: KitConfig,
): Promise<DatabaseHandle> => {
  const handle = await openDatabase({
    url: reveal(config.DATABASE_URL),
    service: name,
    poolMax: config.DATABASE_POOL,
  })
  await migrate(handle, migrations)
  return handle
}

/** In the order in which nothing is lost. */
const finish = async (running: {
  broker: Broker
  workers: RunningWorkers
  server: Serving
  handle: DatabaseHandle
}): Promise<void> => {
  const { broker, workers, server, handle } = running
  const due = performance.now() + finishMs
  await Promise.all([broker.stopConsumers(), workers.stop()])
  await server.stop(Math.min(requestGraceMs, due - performance.now()))
  await broker.close()
  await handle.close()
}

const connectTo = (self: string, keys: TokenKeys, broker: Broker): Connect => {
  const pick = (service: string) => broker.registry?.pick(service)
  const hop: Hop = { self, issueToken: createTokenIssuer(self, keys), pick }
  return (service, contract) => createClient(hop, service, contract)
}

const serviceHealth = (handle: DatabaseHandle, broker: Broker, phase: Phase): Health =>
  createHealth({
    serving: () => (phase.draining ? 'down' : 'ok'),
    database: async () => ((await handle.ping(200)) ? 'ok' : 'down'),
    nats: broker.connection,
    outbox: broker.outbox,
  })

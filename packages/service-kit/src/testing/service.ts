/** Runs one real service for a test: its own database, its own NATS, and callers of every kind. */
import type { Actor } from '@comptoir/contracts/access'
import type { Contract } from '@comptoir/contracts/contract'
import type { Occurrence } from '@comptoir/contracts/event'
import { jetstream } from '@nats-io/jetstream'
import { Kvm } from '@nats-io/kv'
import postgres, { type Sql } from 'postgres'
import { createTokenIssuer, createTokenKeys } from '../actor-token.ts'
import { createClient, type Client } from '../client.ts'
import type { Clock } from '../clock.ts'
import { KitConfig } from '../config.ts'
import type { ServiceContext } from '../context.ts'
import { startRegistry } from '../discovery.ts'
import { envelopeOf } from '../outbox/envelope.ts'
import { systemIds } from '../ids.ts'
import { createLogger } from '../logger.ts'
import { connectNats } from '../nats.ts'
import type { Connect, ServiceDefinition } from '../service.ts'
import { startService } from '../starting/start-service.ts'
import { checkHearing } from './check-hearing.ts'
import { createTestDatabase } from './database.ts'
import { startTestNats, type TestNats } from './nats.ts'
import { startProbe, type Probe } from './probe.ts'

/** Stand-ins for other services' procedures, by service; calling one that is missing fails the test's call. */
export type FakeClients = Readonly<
  Record<string, Readonly<Record<string, (input: never) => Promise<unknown>>>>
>

export interface TestServiceOptions {
  readonly clients?: FakeClients
  readonly clock?: Clock
  readonly config?: Partial<KitConfig>
}

interface Publishing {
  readonly id?: string
  readonly traceparent?: string
}

export interface TestService<C extends Contract, Ctx> {
  readonly context: Ctx
  readonly url: string
  readonly databaseUrl: string
  readonly natsUrl: string
  readonly nats: TestNats
  readonly sql: Sql
  readonly probe: Probe
  /** The service's client as that caller has it, through HTTP and a real actor token from the edge. */
  as(actor: Actor): Client<C>
  /** Puts an event on its stream as the service that owns it would. */
  publish(occurrence: Occurrence, options?: Publishing): Promise<void>
  /** Sets a live setting as an operator would. */
  setLive(name: string, value: unknown): Promise<void>
  stop(): Promise<void>
}

/** Starts the service on a fresh database and a fresh NATS. Throws where it hears other events than it has handlers for. */
export const startTestService = async <C extends Contract, Ctx extends ServiceContext>(
  definition: ServiceDefinition<C, Ctx>,
  options: TestServiceOptions = {},
): Promise<TestService<C, Ctx>> => {
  checkHearing(definition.name, definition.consumers ?? [])
  const [database, nats] = await Promise.all([
    createTestDatabase(definition.name, definition.migrations),
    startTestNats(),
  ])
  const config = KitConfig.parse({
    DATABASE_URL: database.url,
    NATS_URL: nats.url,
    LOG_LEVEL: 'silent',
    DRAIN_MS: 0,
    ...options.config,
  })
  const service = await startService(definition, config, {
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    ...(options.clients === undefined ? {} : { connect: fakeConnect(options.clients) }),
  })
  const edge = await startEdge(nats.url)
  const sql = postgres(database.url, { max: 2, onnotice: () => undefined })
  const probe = await startProbe(nats.url)
  return {
    context: service.context,
    url: service.url,
    databaseUrl: database.url,
    natsUrl: nats.url,
    nats,
    sql,
    probe,
    as: (actor) => asActor(edge.connect(definition.name, definition.contract), actor),
    publish: edge.publish,
    setLive: edge.setLive,
    stop: async () => {
      await probe.stop()
      await service.stop()
      await edge.stop()
      await sql.end()
      await nats.stop()
      await database.drop()
    },
  }
}

/** Stands where the gateway stands: registered, and calling with tokens of its own. */
const startEdge = async (natsUrl: string) => {
  const nats = await connectNats(natsUrl, 'test')
  const keys = await createTokenKeys(`gateway.${crypto.randomUUID()}`)
  const self = { id: keys.kid, service: 'gateway', url: 'http://127.0.0.1:1', publicJwk: keys.publicJwk }
  const registry = await startRegistry({
    nats,
    self,
    fixedUrls: new Map(),
    log: createLogger('test', 'silent'),
  })
  const hop = { self: 'gateway', issueToken: createTokenIssuer('gateway', keys), pick: registry.pick }
  const connect: Connect = (service, contract) => createClient(hop, service, contract)
  const publish = async (occurrence: Occurrence, { id = systemIds.next(), traceparent }: Publishing = {}) => {
    const envelope = envelopeOf(occurrence, { id, time: new Date(), traceparent })
    await jetstream(nats).publish(occurrence.event.subject, JSON.stringify(envelope), { msgID: id })
  }
  const setLive = async (name: string, value: unknown) => {
    await (await new Kvm(nats).open('settings')).put(name, JSON.stringify(value))
  }
  return {
    connect,
    publish,
    setLive,
    stop: async () => {
      await registry.stop()
      await nats.close()
    },
  }
}

const asActor = <C extends Contract>(client: Client<C>, actor: Actor): Client<C> => {
  const calls = Object.entries<(input: never, options?: object) => Promise<unknown>>(client).map(
    ([name, call]) => [name, (input: never, given: object = {}) => call(input, { actor, ...given })],
  )
  // Each function keeps its input and answer; only the actor is filled in.
  return Object.fromEntries(calls) as Client<C>
}

const fakeConnect =
  (clients: FakeClients): Connect =>
  <C extends Contract>(service: string, contract: C) => {
    const missing = (name: string) => () => Promise.reject(new Error(`The test gave no ${service}.${name}`))
    const calls = Object.keys(contract).map((name) => [name, clients[service]?.[name] ?? missing(name)])
    // The test's functions are checked where they are used: their answers go through the procedure under test.
    return Object.fromEntries(calls) as Client<C>
  }

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream'
import { Kvm } from '@nats-io/kv'
import { nanos, type NatsConnection } from '@nats-io/nats-core'
import { connect } from '@nats-io/transport-node'
import { type NatsServer, startNats } from '../dev/src/servers/nats.ts'
import { declaredConsumers } from './consumers.ts'
import { provision } from './provision.ts'
import { declaredStreams } from './streams.ts'

const folder = mkdtempSync(join(tmpdir(), 'comptoir-provision-'))
let server: NatsServer
let nc: NatsConnection

beforeAll(async () => {
  server = await startNats({ dataDir: folder })
  nc = await connect({ servers: server.url })
})

afterAll(async () => {
  await nc?.close()
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe('provision', () => {
  test('makes every declared stream and consumer, and changes nothing the second time', async () => {
    const first = await provision(nc)
    expect(first.created).toHaveLength(declaredStreams(1).length + declaredConsumers(1).length)
    expect(first.created).toContain('consumer ORDERS catalog-orders')
    expect(await provision(nc)).toEqual({ created: [], changed: [] })
  })

  test('corrects what drifted and leaves what is not declared alone', async () => {
    await provision(nc)
    const jsm = await jetstreamManager(nc)
    await jsm.streams.update('ORDERS', { max_bytes: 1_000_000 })
    await jsm.consumers.update('ORDERS', 'catalog-orders', {
      max_deliver: 30,
      filter_subjects: ['orders.order.confirmed.v1'],
    })
    await jsm.consumers.add('ORDERS', { durable_name: 'somebody-else', ack_policy: AckPolicy.Explicit })

    const { created, changed } = await provision(nc)
    expect(created).toEqual([])
    expect(changed).toEqual([
      'stream ORDERS (max_bytes)',
      'consumer ORDERS catalog-orders (filter_subjects, max_deliver)',
    ])
    expect((await jsm.consumers.info('ORDERS', 'somebody-else')).name).toBe('somebody-else')
    expect(await provision(nc)).toEqual({ created: [], changed: [] })
  })

  test('has advisories delivered until they are settled, also where they were provisioned to be given up', async () => {
    await provision(nc)
    const jsm = await jetstreamManager(nc)
    await jsm.consumers.update('ADVISORIES', 'orders-advisories', { max_deliver: 1_000 })
    expect((await provision(nc)).changed).toEqual(['consumer ADVISORIES orders-advisories (max_deliver)'])
    expect((await jsm.consumers.info('ADVISORIES', 'orders-advisories')).config.max_deliver).toBe(-1)
  })

  test('makes a deleted stream again, with its consumers', async () => {
    await provision(nc)
    const jsm = await jetstreamManager(nc)
    await jsm.streams.delete('DELIVERY')
    const { created } = await provision(nc)
    expect(created).toContain('stream DELIVERY')
    expect(created).toContain('consumer DELIVERY orders-delivery')
  })

  test('shrinks the waits by backoffScale, and a later run restores them', async () => {
    await provision(nc, { backoffScale: 0.05 })
    const jsm = await jetstreamManager(nc)
    const { config } = await jsm.consumers.info('PAYMENTS', 'orders-payments')
    expect(config.ack_wait).toBe(nanos(1_000))
    expect(config.backoff?.[5]).toBe(nanos(180_000))
    expect((await provision(nc)).changed).toContain('consumer PAYMENTS orders-payments (ack_wait, backoff)')
  })

  test('names the setting that cannot be changed in place', async () => {
    await provision(nc)
    expect(await provision(nc, { replicas: 3 }).catch(String)).toContain(
      'stream IDENTITY differs in num_replicas',
    )
  })
})

describe('what was provisioned', () => {
  test('stores an event once for each message id and routes it to those who hear it', async () => {
    await provision(nc)
    const js = jetstream(nc)
    const msgID = crypto.randomUUID()
    await js.publish('orders.order.confirmed.v1', 'a', { msgID })
    expect((await js.publish('orders.order.confirmed.v1', 'a', { msgID })).duplicate).toBe(true)
    for (const durable of ['catalog-orders', 'delivery-orders', 'notifications-orders']) {
      const message = await (await js.consumers.get('ORDERS', durable)).next({ expires: 2_000 })
      expect(message?.subject).toBe('orders.order.confirmed.v1')
      message?.ack()
    }
    const payments = await (await js.consumers.get('ORDERS', 'payments-orders')).info()
    expect(payments.num_pending).toBe(0)
  })

  test('keeps what was stored over a kill -9 of the server', async () => {
    await provision(nc)
    const before = await jetstream(nc).publish('catalog.product.created.v1', 'kept')
    await nc.close()
    const { port } = server
    await server.kill()
    server = await startNats({ dataDir: folder, port })
    nc = await connect({ servers: server.url })
    const jsm = await jetstreamManager(nc)
    expect((await jsm.streams.getMessage('CATALOG', { seq: before.seq }))?.string()).toBe('kept')
    expect(await provision(nc)).toEqual({ created: [], changed: [] })
  })

  test('has the buckets a key-value client opens and writes', async () => {
    await provision(nc)
    for (const name of ['registry', 'settings']) {
      const bucket = await new Kvm(nc).open(name)
      await bucket.put('probe', 'here')
      expect((await bucket.get('probe'))?.string()).toBe('here')
      await bucket.delete('probe')
    }
    const registry = await (await new Kvm(nc).open('registry')).status()
    expect(registry.ttl).toBe(15_000)
  })
})

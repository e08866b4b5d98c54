/** The connection to NATS: it waits for the server, and comes back by itself for as long as the process lives. */
import { connect, type NatsConnection } from '@nats-io/transport-node'

/** Resolves once connected, however long that takes. */
export const connectNats = (url: string, name: string): Promise<NatsConnection> =>
  connect({ servers: url, name, maxReconnectAttempts: -1, waitOnFirstConnect: true, reconnectTimeWait: 250 })

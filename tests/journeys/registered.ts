// The processes of a stack as they registered themselves, and the right to register one more: the test's own.
import { Kvm } from '@nats-io/kv'
import { connect } from '@nats-io/transport-node'
import { exportJWK, generateKeyPair } from 'jose'
import { z } from 'zod'

const Entry = z.object({ service: z.string(), url: z.url() })

/** The addresses of the processes, by service. */
export const registeredUrls = async (natsUrl: string): Promise<ReadonlyMap<string, string>> => {
  const nats = await connect({ servers: natsUrl, name: 'registered' })
  try {
    const kv = await new Kvm(nats).open('registry')
    const found = new Map<string, string>()
    for await (const key of await kv.keys()) {
      const entry = await kv.get(key)
      if (entry === null || entry.operation !== 'PUT') continue
      const { service, url } = Entry.parse(entry.json())
      found.set(service, url)
    }
    return found
  } finally {
    await nats.close()
  }
}

export interface Registered {
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
}

/** Registers a key under a service's name, as a process of that service would. Nobody calls the address. */
export const registerKey = async (natsUrl: string, service: string): Promise<Registered> => {
  const nats = await connect({ servers: natsUrl, name: 'registered' })
  try {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
    const kid = `${service}.${crypto.randomUUID()}`
    const publicJwk = await exportJWK(publicKey)
    const kv = await new Kvm(nats).open('registry')
    await kv.put(kid, JSON.stringify({ service, url: 'http://127.0.0.1:9', publicJwk }))
    return { kid, privateKey, publicKey }
  } finally {
    await nats.close()
  }
}

/** What the gateway has of NATS: the other processes, what operators have set, and word of what changes. */
import { settings, type ShopSettings } from '@comptoir/contracts/settings'
import type { TokenKeys } from '@comptoir/service-kit/actor-token'
import { startRegistry, type Registry } from '@comptoir/service-kit/discovery'
import type { Logger } from '@comptoir/service-kit/logger'
import { connectNats } from '@comptoir/service-kit/nats'
import { reveal } from '@comptoir/service-kit/secret'
import { createSettings, type LiveSettings } from '@comptoir/service-kit/settings'
import { settledWithin } from '@comptoir/service-kit/worker'
import type { Word } from './across-gateways.ts'
import type { Config } from './config.ts'

/** Settings that cannot be read are no reason not to serve: their defaults hold. */
const settingsWaitMs = 2_000

export interface JoinedNats {
  readonly registry: Registry
  readonly live: LiveSettings<ShopSettings>
  readonly word: Word
  close(): Promise<void>
}

/** Connects, however long that takes, and registers the gateway under this name. */
export const joinNats = async (
  config: Config,
  service: string,
  { keys, log }: { keys: TokenKeys; log: Logger },
): Promise<JoinedNats> => {
  log.info('joining NATS')
  const nats = await connectNats(reveal(config.NATS_URL), service)
  const url = config.ADVERTISED_URL ?? `http://${config.HOST}:${config.PORT}`
  const self = { id: keys.kid, service, url, publicJwk: keys.publicJwk }
  const registry = await startRegistry({ nats, self, fixedUrls: config.fixedUrls, log })
  const live = createSettings(settings)
  const followed = live.follow(nats, log)
  await settledWithin(followed.primed, settingsWaitMs)
  return {
    registry,
    live,
    word: wordOver(nats),
    close: async () => {
      followed.stop()
      await registry.stop()
      await nats.close()
    },
  }
}

const wordOver = (nats: Awaited<ReturnType<typeof connectNats>>): Word => ({
  hear: (subject, callback) =>
    void nats.subscribe(subject, {
      callback: (error, message) => {
        if (error === null) callback(message.string())
      },
    }),
  tell: (subject, text) => {
    if (!nats.isClosed()) nats.publish(subject, text)
  },
})

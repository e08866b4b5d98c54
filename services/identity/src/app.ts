import { fileURLToPath } from 'node:url'
import { identity } from '@comptoir/contracts/identity/procedures'
import { reveal } from '@comptoir/service-kit/secret'
import { defineService } from '@comptoir/service-kit/service'
import { accountsArea } from './areas/accounts.ts'
import { addressesArea } from './areas/addresses.ts'
import { sessionsArea } from './areas/sessions.ts'
import type { Config } from './config.ts'
import type { Context } from './context.ts'
import { accessTokens } from './security/access-tokens.ts'
import { readCommonPasswords } from './security/common-passwords.ts'
import { passwords } from './security/passwords.ts'
import { sealing } from './security/sealing.ts'
import { prepareAdmin, prepareSigningKey } from './start.ts'
import { sweep } from './workers/sweep.ts'
import { writeResetLetters } from './workers/write-reset-letters.ts'

export const app = (config: Config) =>
  defineService({
    name: 'identity',
    contract: identity,
    migrations: fileURLToPath(new URL('../migrations', import.meta.url)),
    context: (base): Context => {
      const secret = config.KEY_ENCRYPTION_SECRET
      return {
        ...base,
        passwords: passwords(),
        accessTokens: accessTokens(config.ISSUER),
        shopName: config.SHOP_NAME,
        commonPasswords: readCommonPasswords(),
        sealing: secret === undefined ? undefined : sealing(reveal(secret)),
      }
    },
    procedures: { ...sessionsArea, ...accountsArea, ...addressesArea },
    workers: [sweep, writeResetLetters],
    start: async (ctx) => {
      await prepareSigningKey(ctx)
      const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = config
      if (email !== undefined && password !== undefined) {
        await prepareAdmin(ctx, { email, password: reveal(password) })
      }
    },
  })

import { fileURLToPath } from 'node:url'
import { identity } from '@comptoir/contracts/identity/procedures'
import { reveal } from '@comptoir/service-kit/secret'
import { defineService } from '@comptoir/service-kit/service'
import { accountsArea } from './areas/accounts.ts'
import type { Config } from './config.ts'
import type { Context } from './context.ts'
import { createGuest } from './procedures/create-guest.ts'
import { getMe } from './procedures/get-me.ts'
import { listKeys } from './procedures/list-keys.ts'
import { listRevocations } from './procedures/list-revocations.ts'
import { login } from './procedures/login.ts'
import { logout } from './procedures/logout.ts'
import { refresh } from './procedures/refresh.ts'
import { register } from './procedures/register.ts'
import { updateMe } from './procedures/update-me.ts'
import { accessTokens } from './security/access-tokens.ts'
import { passwords } from './security/passwords.ts'
import { sealing } from './security/sealing.ts'
import { prepareAdmin, prepareSigningKey } from './start.ts'
import { sweep } from './workers/sweep.ts'

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
        sealing: secret === undefined ? undefined : sealing(reveal(secret)),
      }
    },
    procedures: {
      createGuest,
      register,
      login,
      refresh,
      logout,
      getMe,
      updateMe,
      listKeys,
      listRevocations,
      ...accountsArea,
    },
    workers: [sweep],
    start: async (ctx) => {
      await prepareSigningKey(ctx)
      const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = config
      if (email !== undefined && password !== undefined) {
        await prepareAdmin(ctx, { email, password: reveal(password) })
      }
    },
  })

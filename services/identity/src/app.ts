import { fileURLToPath } from 'node:url'
import { identity } from '@comptoir/contracts/identity/procedures'
import { paymentRefunded } from '@comptoir/contracts/payments/events'
import { on } from '@comptoir/service-kit/consumer'
import { reveal } from '@comptoir/service-kit/secret'
import { defineService } from '@comptoir/service-kit/service'
import { allAreas } from './areas/all-areas.ts'
import type { Config } from './config.ts'
import { onPaymentRefunded } from './consumers/payment-refunded.ts'
import type { Context } from './context.ts'
import { accessTokens } from './security/access-tokens.ts'
import { readCommonPasswords } from './common-passwords.ts'
import { passwords } from './security/passwords.ts'
import { sealing } from './security/sealing.ts'
import { prepareAdmin, prepareSigningKey } from './start.ts'
import { createUses } from './uses.ts'
import { followSigningKey } from './workers/follow-signing-key.ts'
import { recordUses } from './workers/record-uses.ts'
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
        uses: createUses(),
        passwords: passwords(),
        accessTokens: accessTokens(config.ISSUER),
        commonPasswords: readCommonPasswords(),
        sealing: secret === undefined ? undefined : sealing(reveal(secret)),
        staffSecondFactor: config.STAFF_SECOND_FACTOR,
        shopName: config.SHOP_NAME,
      }
    },
    procedures: allAreas,
    consumers: [on(paymentRefunded, onPaymentRefunded, 'payment-refunded')],
    workers: [sweep, followSigningKey, recordUses, writeResetLetters],
    start: async (ctx) => {
      await prepareSigningKey(ctx)
      const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = config
      if (email !== undefined && password !== undefined) {
        await prepareAdmin(ctx, { email, password: reveal(password) })
      }
    },
  })

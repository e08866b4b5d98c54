import { Email } from '@comptoir/contracts/text'
import { KitConfig } from '@comptoir/service-kit/config'
import { SecretString, secretString } from '@comptoir/service-kit/secret'
import { z } from 'zod'
import { ProvidersSetting } from './oidc/provider-settings.ts'

const Settings = KitConfig.extend({
  NODE_ENV: z.string().default('development'),
  /** The `iss` of access tokens. */
  ISSUER: z.string().min(1).default('comptoir'),
  /**
   * Seals the private signing keys, the secrets of second factors and those of sign-ins under way in the database; without
   * it they lie there in the clear, which production refuses. Long, because whoever has a copy of the database can try as
   * many as they like.
   */
  KEY_ENCRYPTION_SECRET: secretString(32).optional(),
  /** Whether the rights of staff come with a second factor only; `optional` is for machines where nobody else comes. */
  STAFF_SECOND_FACTOR: z.enum(['required', 'optional']).default('required'),
  /** What an authenticator shows beside the account, and what no password may be. */
  SHOP_NAME: z.string().min(1).max(60).default('Comptoir'),
  /** The OpenID providers by which people can sign in. */
  OIDC_PROVIDERS: ProvidersSetting.default([]),
  /** Both given: this administrator is created on the first start. */
  ADMIN_EMAIL: Email.optional(),
  ADMIN_PASSWORD: SecretString.optional(),
})

export const Config = Settings.refine(
  ({ NODE_ENV, KEY_ENCRYPTION_SECRET }) => NODE_ENV !== 'production' || KEY_ENCRYPTION_SECRET !== undefined,
  {
    path: ['KEY_ENCRYPTION_SECRET'],
    message: 'Expected a secret of 32 characters or more, because NODE_ENV is production',
  },
)
export type Config = z.output<typeof Config>

import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { writeSecretFile } from './secret-file.ts'

const Secrets = z.object({
  adminPassword: z.string(),
  keyEncryptionSecret: z.string(),
  stripeSecretKey: z.string(),
  stripePublishableKey: z.string(),
  stripeWebhookSecret: z.string(),
  carrierApiKey: z.string(),
  carrierWebhookSecret: z.string(),
  resendApiKey: z.string(),
  twilioAccountSid: z.string(),
  twilioAuthToken: z.string(),
})

export type Secrets = z.output<typeof Secrets>

/** The keys of this data folder's shop: made on the first start, kept in a file only its owner reads. */
export function loadSecrets(dataDir: string): Secrets {
  const file = join(dataDir, 'secrets.json')
  const known = existsSync(file) ? Secrets.partial().parse(JSON.parse(readFileSync(file, 'utf8'))) : {}
  const secrets = Secrets.parse({ ...makeSecrets(), ...known })
  if (!Bun.deepEquals(known, secrets)) writeSecretFile(file, `${JSON.stringify(secrets, null, 2)}\n`)
  chmodSync(file, 0o600)
  return secrets
}

function makeSecrets(): Secrets {
  const hex = (bytes: number) => randomBytes(bytes).toString('hex')
  return {
    adminPassword: randomBytes(12).toString('base64url'),
    keyEncryptionSecret: hex(32),
    stripeSecretKey: `sk_test_${hex(16)}`,
    stripePublishableKey: `pk_test_${hex(16)}`,
    stripeWebhookSecret: `whsec_${hex(16)}`,
    carrierApiKey: `ck_${hex(16)}`,
    // Standard Webhooks: the prefix and 24 bytes in base64.
    carrierWebhookSecret: `whsec_${randomBytes(24).toString('base64')}`,
    resendApiKey: `re_${hex(12)}`,
    twilioAccountSid: `AC${hex(16)}`,
    twilioAuthToken: hex(16),
  }
}

import { join } from 'node:path'
import { repository } from './install.ts'
import type { Secrets } from './secrets.ts'

export const serviceNames = [
  'identity',
  'catalog',
  'carts',
  'orders',
  'payments',
  'delivery',
  'notifications',
] as const
export const processNames = ['sandbox', ...serviceNames, 'gateway'] as const
export type ServiceName = (typeof serviceNames)[number]
export type ProcessName = (typeof processNames)[number]

/** A further instance of a service carries its number. */
export type InstanceName = ProcessName | `${ServiceName}-${number}`
/** How many instances of a service there are; one unless told. */
export type Scale = Readonly<Partial<Record<ServiceName, number>>>

/** What a process is started with. It gets this environment and nothing else of ours. */
export type ProcessSpec = {
  name: InstanceName
  /** The program that it is an instance of. */
  program: ProcessName
  folder: string
  /** The file that is run, below the folder. */
  entry: string
  env: Record<string, string>
}

/** On one machine all have heard of a leaving instance long before that. */
const scaledDrainMs = 300

export const adminEmail = 'admin@comptoir.example'

type Addresses = {
  natsUrl: string
  databaseUrl: string
  gatewayUrl: string
  sandboxUrl: string
  dataDir: string
}

/** Every process with its folder and environment; each gets only the secrets it needs. */
export function processSpecs(
  addresses: Addresses,
  secrets: Secrets,
  { scale = {}, built = false }: { scale?: Scale | undefined; built?: boolean | undefined } = {},
): ProcessSpec[] {
  const own = ownEnvironment(addresses, secrets)
  return processNames.flatMap((program) => {
    const instances = instanceNames(program, scale)
    const common = program === 'sandbox' ? {} : shared(program, addresses, instances.length)
    return instances.map((name) => ({
      name,
      program,
      folder: folderOf(program),
      entry: built ? 'dist/main.js' : 'src/main.ts',
      env: { ...inherited(), ...common, ...own[program] },
    }))
  })
}

export const folderOf = (program: ProcessName): string =>
  join(repository, program === 'gateway' || program === 'sandbox' ? program : `services/${program}`)

/** `catalog`, `catalog-2`, `catalog-3`. */
export function instanceNames(program: ProcessName, scale: Scale): InstanceName[] {
  if (program === 'sandbox' || program === 'gateway') return [program]
  const further = Array.from({ length: (scale[program] ?? 1) - 1 }, (_, index) => index + 2)
  return [program, ...further.map((nth) => `${program}-${nth}` as const)]
}

function shared(name: ProcessName, addresses: Addresses, instances: number): Record<string, string> {
  const database = name === 'gateway' ? {} : { DATABASE_URL: addresses.databaseUrl }
  // Where there is one instance, nobody else could take the calls that a longer drain is for.
  const drainMs = instances === 1 ? 0 : scaledDrainMs
  return { NATS_URL: addresses.natsUrl, ...database, PORT: '0', DRAIN_MS: String(drainMs) }
}

/** What payments has to hear; whatever else Stripe would tell says nothing that these do not say. */
const stripeEvents = [
  'payment_intent.amount_capturable_updated',
  'payment_intent.succeeded',
  'payment_intent.payment_failed',
  'payment_intent.canceled',
  'charge.expired',
  'charge.refunded',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'charge.dispute.created',
  'charge.dispute.funds_withdrawn',
]

/** Tests and load drivers are whole crowds behind one address, which production would take for one client. */
const crowdFromOneAddress = { RATE_LIMIT_SCALE: '10000', LOAD_SCALE: '16' }

function ownEnvironment(addresses: Addresses, secrets: Secrets): Record<ProcessName, Record<string, string>> {
  const stripe = {
    STRIPE_SECRET_KEY: secrets.stripeSecretKey,
    STRIPE_WEBHOOK_SECRET: secrets.stripeWebhookSecret,
  }
  const carrier = {
    CARRIER_API_KEY: secrets.carrierApiKey,
    CARRIER_WEBHOOK_SECRET: secrets.carrierWebhookSecret,
  }
  const messages = {
    RESEND_API_KEY: secrets.resendApiKey,
    TWILIO_ACCOUNT_SID: secrets.twilioAccountSid,
    TWILIO_AUTH_TOKEN: secrets.twilioAuthToken,
  }
  const publishable = { STRIPE_PUBLISHABLE_KEY: secrets.stripePublishableKey }
  return {
    sandbox: {
      SANDBOX_PORT: new URL(addresses.sandboxUrl).port,
      SANDBOX_DATA: join(addresses.dataDir, 'sandbox'),
      GATEWAY_URL: addresses.gatewayUrl,
      STRIPE_WEBHOOK_EVENTS: stripeEvents.join(','),
      ...stripe,
      ...publishable,
      ...carrier,
      ...messages,
    },
    identity: {
      ADMIN_EMAIL: adminEmail,
      ADMIN_PASSWORD: secrets.adminPassword,
      KEY_ENCRYPTION_SECRET: secrets.keyEncryptionSecret,
      STAFF_SECOND_FACTOR: 'optional',
    },
    catalog: {},
    carts: {},
    orders: {},
    payments: { STRIPE_API_BASE: addresses.sandboxUrl, ...stripe, ...publishable },
    delivery: { CARRIER_API_BASE: `${addresses.sandboxUrl}/carrier`, ...carrier },
    notifications: {
      RESEND_BASE_URL: `${addresses.sandboxUrl}/resend`,
      TWILIO_API_BASE: `${addresses.sandboxUrl}/twilio`,
      TWILIO_FROM: '+15005550006',
      SHOP_URL: addresses.gatewayUrl,
      MAIL_FROM: 'Comptoir <shop@comptoir.example>',
      ...messages,
    },
    gateway: { PORT: new URL(addresses.gatewayUrl).port, ...crowdFromOneAddress },
  }
}

const passedOn = [
  'PATH',
  'HOME',
  'TMPDIR',
  'LANG',
  'LC_ALL',
  'NODE_ENV',
  'LOG_LEVEL',
  'SSL_CERT_FILE',
  'NODE_EXTRA_CA_CERTS',
]

function inherited(): Record<string, string> {
  const wanted = Object.entries(process.env).filter(
    ([name]) => passedOn.includes(name) || name.startsWith('OTEL_'),
  )
  return Object.fromEntries(wanted.flatMap(([name, value]) => (value ? [[name, value]] : [])))
}

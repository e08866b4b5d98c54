// A whole shop for one test file: its own servers, in a folder of its own, with a few products to buy.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { VariantId } from '@comptoir/contracts/ids'
import { trpcShop } from '@comptoir/dev/demo/trpc-shop'
import type { Shop } from '@comptoir/dev/demo/shop'
import { startStack, type Stack, type StackOptions } from '@comptoir/dev/stack'
import { postgresTemplate } from './postgres-template.ts'

export interface TestStack extends Stack {
  /** The shop over tRPC, as a storefront has it. */
  readonly shop: Shop
  /** An administrator's access token. */
  readonly staffToken: string
  readonly products: readonly SeededProduct[]
  /** A folder for what the test writes down; it goes with the stack. */
  readonly folder: string
  /** The last warnings and errors of the processes, oldest first: what a failed test is to be read with. */
  readonly complaints: () => string
}

export interface SeededProduct {
  readonly name: string
  readonly slug: string
  readonly variantId: VariantId
  readonly priceMinor: number
  readonly onHand: number
}

export interface TestStackOptions extends Pick<
  StackOptions,
  'env' | 'backoffScale' | 'durable' | 'only' | 'scale'
> {
  /** Units of each product; the third is out of stock from the start. */
  readonly onHand?: number
  /** Begins with an empty disk, as the first start in production does: the services make and migrate their databases. */
  readonly fromNothing?: boolean
}

const linesMax = 400

/** Starts the shop. Waits between deliveries are a twentieth of the real ones unless told. */
export const startTestStack = async ({
  onHand = 1_000,
  fromNothing = false,
  ...options
}: TestStackOptions = {}): Promise<TestStack> => {
  const folder = mkdtempSync(join(tmpdir(), 'comptoir-journey-'))
  // Where we are root another account runs PostgreSQL, and has to get there.
  chmodSync(folder, 0o711)
  const lines: string[] = []
  const onLine = (name: string, line: string): void => {
    lines.push(`${name} ${line}`)
    if (lines.length > linesMax) lines.shift()
  }
  const forget = () => rmSync(folder, { recursive: true, force: true })
  try {
    const dataDir = join(folder, 'data')
    const env = { ...options.env, all: { LOG_LEVEL: 'warn', ...options.env?.all } }
    const template = fromNothing ? undefined : await postgresTemplate()
    const given = { dataDir, env, onLine, postgresTemplate: template }
    const stack = await startStack({ backoffScale: 0.05, built: true, ...options, ...given })
    const stop = () => stack.stop().finally(forget)
    const shop = trpcShop(stack.gatewayUrl)
    try {
      const { accessToken: staffToken } = await shop('identity', 'login', stack.admin)
      const products = await seed(shop, staffToken, onHand)
      return { ...stack, stop, shop, staffToken, products, folder, complaints: () => lines.join('\n') }
    } catch (error) {
      await stack.stop()
      throw error
    }
  } catch (error) {
    forget()
    throw error
  }
}

const catalogue = [
  { name: 'Blue mug', sku: 'MUG-1', priceMinor: 1_250 },
  { name: 'Linen towel', sku: 'TWL-1', priceMinor: 799 },
  { name: 'Sold-out lamp', sku: 'LMP-1', priceMinor: 4_500 },
] as const

const seed = async (shop: Shop, token: string, onHand: number): Promise<SeededProduct[]> => {
  const made: SeededProduct[] = []
  for (const [index, { name, sku, priceMinor }] of catalogue.entries()) {
    const units = index === 2 ? 0 : onHand
    const variants = [{ sku, price: { amountMinor: priceMinor, currency: 'GBP' as const }, onHand: units }]
    const product = await shop('catalog', 'createProduct', { name, variants }, { token })
    const [variant] = product.variants
    if (variant === undefined) throw new Error('A product was made without its variant')
    made.push({ name, slug: product.slug, variantId: variant.id, priceMinor, onHand: units })
  }
  return made
}

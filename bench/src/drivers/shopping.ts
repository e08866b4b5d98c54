import type { Spread } from '../measure/percentiles.ts'

/** The steps of a purchase, in their order. */
export const steps = [
  'guest',
  'list',
  'detail',
  'addLine',
  'address',
  'option',
  'placeOrder',
  'startPayment',
  'confirmCard',
] as const
export type Step = (typeof steps)[number]

export interface Shopping {
  readonly gatewayUrl: string
  readonly sandboxUrl: string
  /** How many shop at once. */
  readonly shoppers: number
  readonly warmUpSeconds: number
  readonly seconds: number
  /** Makes every choice, so that two runs choose alike. */
  readonly seed: number
  /** Slugs of the products to buy, the popular ones first. */
  readonly products: readonly string[]
  /** Slugs of the categories whose lists are looked at. */
  readonly categories: readonly string[]
}

export interface Shopped {
  /** Orders whose placing was answered within the measured seconds. */
  readonly placed: number
  /** Orders whose card was confirmed, from the first to the last second, warm-up included. */
  readonly paid: number
  readonly steps: Readonly<Record<Step, Spread>>
  /** The whole way from the first look to the confirmed card. */
  readonly journey: Spread
  /** By step and code, such as `placeOrder OUT_OF_STOCK`. */
  readonly errors: Readonly<Record<string, number>>
  /** Seconds of processor time that the driver itself took. */
  readonly driverCpuSeconds: number
}

import type { DeliveryOption } from '@comptoir/contracts/delivery/model'
import { money, type Price } from '@comptoir/contracts/money'

interface Tariff {
  readonly code: 'standard' | 'express' | 'collection'
  readonly name: string
  readonly priceMinor: number
  /** Goods of this value go free. */
  readonly freeFromMinor?: number
  readonly daysMin: number
  readonly daysMax: number
}

type Zone = 'uk' | 'eu' | 'world'

const currency = 'GBP'

const tariffs: Readonly<Record<Zone, readonly Tariff[]>> = {
  uk: [
    { code: 'collection', name: 'Collection point', priceMinor: 195, daysMin: 2, daysMax: 4 },
    {
      code: 'standard',
      name: 'Standard delivery',
      priceMinor: 395,
      freeFromMinor: 5_000,
      daysMin: 2,
      daysMax: 4,
    },
    { code: 'express', name: 'Express delivery', priceMinor: 795, daysMin: 1, daysMax: 1 },
  ],
  eu: [
    { code: 'collection', name: 'Collection point', priceMinor: 695, daysMin: 4, daysMax: 8 },
    {
      code: 'standard',
      name: 'Standard delivery',
      priceMinor: 995,
      freeFromMinor: 15_000,
      daysMin: 4,
      daysMax: 8,
    },
    { code: 'express', name: 'Express delivery', priceMinor: 1_995, daysMin: 2, daysMax: 3 },
  ],
  world: [
    {
      code: 'standard',
      name: 'Standard delivery',
      priceMinor: 1_495,
      freeFromMinor: 25_000,
      daysMin: 7,
      daysMax: 21,
    },
    { code: 'express', name: 'Express delivery', priceMinor: 2_995, daysMin: 3, daysMax: 6 },
  ],
}

const ukCountries = new Set(['GB', 'GG', 'IM', 'JE'])
const euCountries = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '),
)

/** The ways to deliver goods of this value to a country, cheapest first. */
export const optionsFor = (country: string, subtotal: Price): DeliveryOption[] =>
  tariffs[zoneOf(country)]
    .map((tariff) => ({
      code: tariff.code,
      name: tariff.name,
      price: money(isFree(tariff, subtotal) ? 0 : tariff.priceMinor, currency),
      daysMin: tariff.daysMin,
      daysMax: tariff.daysMax,
    }))
    .toSorted((a, b) => a.price.amountMinor - b.price.amountMinor)

/** The prices before any goods are known. */
export const listedOptions = (country: string): DeliveryOption[] => optionsFor(country, money(0, currency))

const isFree = (tariff: Tariff, subtotal: Price): boolean =>
  tariff.freeFromMinor !== undefined &&
  subtotal.currency === currency &&
  subtotal.amountMinor >= tariff.freeFromMinor

const zoneOf = (country: string): Zone => {
  if (ukCountries.has(country)) return 'uk'
  return euCountries.has(country) ? 'eu' : 'world'
}

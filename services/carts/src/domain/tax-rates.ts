import type { TaxClass } from '@comptoir/contracts/catalog/model'

type Rates = Readonly<Record<TaxClass, number>>

const rates = (standard: number, reduced: number): Rates => ({ standard, reduced, zero: 0 })

/** Value added tax in basis points (2000 = 20 %). `reduced` is the country's main reduced rate, or its standard one. */
const ratesByCountry: ReadonlyMap<string, Rates> = new Map([
  ['AT', rates(2000, 1000)],
  ['BE', rates(2100, 600)],
  ['CZ', rates(2100, 1200)],
  ['DE', rates(1900, 700)],
  ['DK', rates(2500, 2500)],
  ['ES', rates(2100, 1000)],
  ['FR', rates(2000, 550)],
  ['GB', rates(2000, 500)],
  ['GR', rates(2400, 1300)],
  ['HU', rates(2700, 500)],
  ['IE', rates(2300, 1350)],
  ['IT', rates(2200, 1000)],
  ['LU', rates(1700, 800)],
  ['NL', rates(2100, 900)],
  ['PL', rates(2300, 800)],
  ['PT', rates(2300, 600)],
  ['SE', rates(2500, 1200)],
])

const untaxed: Rates = rates(0, 0)

/** The rate of a class in the country of delivery, in basis points; elsewhere goods leave without tax. */
export const taxRate = (country: string, taxClass: TaxClass): number =>
  (ratesByCountry.get(country) ?? untaxed)[taxClass]

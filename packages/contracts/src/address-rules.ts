/** What an address needs by its country: data, and the one function that reads it. Countries without a rule pass. */
import type { FieldFault } from './errors.ts'
import type { Address } from './text.ts'

interface AddressRule {
  /** What a postal code looks like, whichever case it is written in. */
  readonly postalCode: RegExp
  readonly example: string
  /** Whether post goes astray without the state, province or prefecture. */
  readonly regionRequired?: boolean
}

const digits = (count: number, example: string): AddressRule => ({
  postalCode: new RegExp(`^\\d{${count}}$`),
  example,
})

/** By ISO 3166-1 alpha-2, after the addressing pages of the Universal Postal Union. */
export const addressRules: Readonly<Record<string, AddressRule>> = {
  AT: digits(4, '1010'),
  AU: { ...digits(4, '2000'), regionRequired: true },
  BE: digits(4, '1000'),
  BG: digits(4, '1000'),
  BR: { postalCode: /^\d{5}-?\d{3}$/, example: '01310-100', regionRequired: true },
  CA: { postalCode: /^[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d$/i, example: 'K1A 0B1', regionRequired: true },
  CH: digits(4, '3000'),
  CZ: { postalCode: /^\d{3} ?\d{2}$/, example: '110 00' },
  DE: digits(5, '10115'),
  DK: digits(4, '1050'),
  EE: digits(5, '10111'),
  ES: digits(5, '28001'),
  FI: digits(5, '00100'),
  FR: digits(5, '75001'),
  GB: { postalCode: /^([A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|GIR ?0AA)$/i, example: 'SW1A 1AA' },
  GR: { postalCode: /^\d{3} ?\d{2}$/, example: '104 31' },
  HR: digits(5, '10000'),
  HU: digits(4, '1011'),
  IE: { postalCode: /^([AC-FHKNPRTV-Y]\d{2}|D6W) ?[0-9AC-FHKNPRTV-Y]{4}$/i, example: 'D02 AF30' },
  IN: { postalCode: /^[1-9]\d{2} ?\d{3}$/, example: '110001', regionRequired: true },
  IT: digits(5, '00118'),
  JP: { postalCode: /^\d{3}-?\d{4}$/, example: '100-0001', regionRequired: true },
  LT: { postalCode: /^(LT-)?\d{5}$/i, example: '01001' },
  LU: { postalCode: /^(L-)?\d{4}$/i, example: '1111' },
  LV: { postalCode: /^(LV-)?\d{4}$/i, example: 'LV-1010' },
  MX: { ...digits(5, '06000'), regionRequired: true },
  NL: { postalCode: /^[1-9]\d{3} ?[A-Z]{2}$/i, example: '1011 AB' },
  NO: digits(4, '0150'),
  NZ: digits(4, '6011'),
  PL: { postalCode: /^\d{2}-\d{3}$/, example: '00-001' },
  PT: { postalCode: /^\d{4}-\d{3}$/, example: '1000-001' },
  RO: digits(6, '010011'),
  SE: { postalCode: /^\d{3} ?\d{2}$/, example: '111 20' },
  SI: digits(4, '1000'),
  SK: { postalCode: /^\d{3} ?\d{2}$/, example: '811 01' },
  US: { postalCode: /^\d{5}(-\d{4})?$/, example: '20500', regionRequired: true },
}

/** What is wrong with an address by the rules of its country; each fault names the field, under `pointer`. */
export const addressFaults = (address: Address, pointer = ''): FieldFault[] => {
  const rule = Object.hasOwn(addressRules, address.country) ? addressRules[address.country] : undefined
  if (rule === undefined) return []
  const { country } = address
  const faults: FieldFault[] = []
  if (!rule.postalCode.test(address.postalCode))
    faults.push({
      pointer: `${pointer}/postalCode`,
      message: `Expected a postal code of ${country} such as ${rule.example}`,
    })
  if (rule.regionRequired === true && address.region === undefined)
    faults.push({ pointer: `${pointer}/region`, message: `An address in ${country} needs its region` })
  return faults
}

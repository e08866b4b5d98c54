import { describe, expect, test } from 'bun:test'
import { addressFaults, addressRules } from './address-rules.ts'
import { CountryCode } from './text.ts'

const of = (country: string, postalCode: string, region?: string) =>
  addressFaults(
    {
      name: 'Ada',
      line1: '1 High Street',
      city: 'Somewhere',
      country,
      postalCode,
      ...(region && { region }),
    },
    '/address',
  ).map(({ pointer }) => pointer)

describe.each(Object.entries(addressRules))('the rule of %s', (country, { example, regionRequired }) => {
  test('takes its own example, and wants a region where it says so', () => {
    expect(CountryCode.safeParse(country).success).toBe(true)
    expect(of(country, example, 'North')).toEqual([])
    expect(of(country, example)).toEqual(regionRequired === true ? ['/address/region'] : [])
  })

  test('refuses what is no postal code anywhere', () => {
    expect(of(country, 'nowhere!', 'North')).toEqual(['/address/postalCode'])
  })
})

test.each([
  ['GB', 'n1 1aa'],
  ['GB', 'EC1A1BB'],
  ['US', '20500-0003'],
  ['CA', 'k1a0b1'],
  ['NL', '1011AB'],
])('in %s “%s” is a postal code', (country, code) => {
  expect(of(country, code, 'North')).toEqual([])
})

test.each([
  ['FR', '7500'],
  ['US', 'SW1A 1AA'],
  ['CA', 'D1A 0B1'],
  ['PL', '00001'],
])('in %s “%s” is none', (country, code) => {
  expect(of(country, code, 'North')).toEqual(['/address/postalCode'])
})

test('a country without a rule, or a name of something else, passes', () => {
  expect(of('AQ', 'whatever')).toEqual([])
  expect(of('constructor', 'whatever')).toEqual([])
})

import { describe, expect, test } from 'bun:test'
import { listedOptions, optionsFor } from './options.ts'

const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' })
const prices = (country: string, subtotalMinor: number) =>
  optionsFor(country, gbp(subtotalMinor)).map(({ code, price }) => [code, price.amountMinor])

describe('delivery options', () => {
  test('are listed cheapest first', () => {
    expect(prices('GB', 4_999)).toEqual([
      ['collection', 195],
      ['standard', 395],
      ['express', 795],
    ])
    expect(prices('FR', 0).map(([code]) => code)).toEqual(['collection', 'standard', 'express'])
    expect(prices('JP', 0)).toEqual([
      ['standard', 1_495],
      ['express', 2_995],
    ])
  })
  test('standard delivery is free from the threshold on, to the penny', () =>
    expect(prices('GB', 5_000)[0]).toEqual(['standard', 0]))
  test('goods in another currency never go free', () =>
    expect(optionsFor('GB', { amountMinor: 9_999_999, currency: 'JPY' })[0]?.price).toEqual(gbp(195)))
  test('show full prices while no goods are known', () =>
    expect(listedOptions('GB')).toEqual(optionsFor('GB', gbp(0))))
  test('never take longer at most than at least', () => {
    for (const country of ['GB', 'FR', 'JP']) {
      for (const option of listedOptions(country)) expect(option.daysMin).toBeLessThanOrEqual(option.daysMax)
    }
  })
})

/** Money: integer minor units with an ISO 4217 currency. All rounding of the system is in this file. */
import { z } from 'zod'

export const Currency = z.string().regex(/^[A-Z]{3}$/, 'Expected an ISO 4217 code such as GBP')
export type Currency = z.infer<typeof Currency>

/** Bounded so that sums of a large order stay exact in a double (2^53). */
export const AmountMinor = z.number().int().min(-1_000_000_000_000).max(1_000_000_000_000)
export const Money = z.strictObject({ amountMinor: AmountMinor, currency: Currency })
export type Money = z.infer<typeof Money>

/** A price or a total: never negative. */
export const Price = z.strictObject({ amountMinor: AmountMinor.min(0), currency: Currency })
export type Price = z.infer<typeof Price>

export const money = (amountMinor: number, currency: Currency): Money => ({ amountMinor, currency })

/** Adds amounts of one currency. Throws on a mix: that is a bug, never an input. */
export const sum = (amounts: readonly Money[], currency: Currency): Money => {
  for (const amount of amounts) {
    if (amount.currency !== currency) throw new Error(`Cannot add ${amount.currency} to ${currency}`)
  }
  return money(
    amounts.reduce((total, amount) => total + amount.amountMinor, 0),
    currency,
  )
}

/** Divides integers and rounds half to even (IEEE 754 roundTiesToEven), exactly. `denominator` is positive. */
export const divideHalfEven = (numerator: bigint, denominator: bigint): number => {
  const negative = numerator < 0n
  const absolute = negative ? -numerator : numerator
  const quotient = absolute / denominator
  const twiceRest = (absolute % denominator) * 2n
  const up = twiceRest > denominator || (twiceRest === denominator && quotient % 2n === 1n)
  const rounded = Number(up ? quotient + 1n : quotient)
  return negative ? -rounded : rounded
}

/** The tax contained in a gross amount, at a rate in basis points (2000 = 20 %). */
export const includedTax = (grossMinor: number, rateBasisPoints: number): number =>
  divideHalfEven(BigInt(grossMinor) * BigInt(rateBasisPoints), BigInt(10_000 + rateBasisPoints))

/** The tax that comes on top of a net amount, at a rate in basis points. */
export const addedTax = (netMinor: number, rateBasisPoints: number): number =>
  divideHalfEven(BigInt(netMinor) * BigInt(rateBasisPoints), 10_000n)

/** Splits an amount by weights so that the parts add up to it exactly (largest remainder). Weights are integers ≥ 0. */
export const split = (amountMinor: number, weights: readonly number[]): number[] => {
  const total = weights.reduce((a, b) => a + b, 0)
  if (total === 0) throw new Error('Cannot split by weights that add up to zero')
  const exact = weights.map((weight) => BigInt(amountMinor) * BigInt(weight))
  const parts = exact.map((value) => Number(value / BigInt(total)))
  const rests = exact.map((value, index) => ({ index, rest: value % BigInt(total) }))
  const left = amountMinor - parts.reduce((a, b) => a + b, 0)
  rests.sort((a, b) => compare(abs(b.rest), abs(a.rest)) || a.index - b.index)
  for (const { index } of rests.slice(0, Math.abs(left))) parts[index] = (parts[index] ?? 0) + Math.sign(left)
  return parts
}

const abs = (value: bigint): bigint => (value < 0n ? -value : value)
const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)

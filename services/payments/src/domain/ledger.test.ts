import { describe, expect, test } from 'bun:test'
import { bookingsFor, type Booking } from './ledger.ts'

const total = (booking: Booking, account: string) =>
  booking
    .filter((posting) => posting.account === account)
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0)

const moved = (capturedMinor: number, refundedMinor: number) => ({ capturedMinor, refundedMinor })

describe('the ledger', () => {
  test('books a sale as revenue that the provider owes us', () => {
    const [sale] = bookingsFor(moved(0, 0), moved(2_500, 0))
    expect(sale).toBeDefined()
    expect(total(sale ?? [], 'provider_clearing')).toBe(2_500)
    expect(total(sale ?? [], 'revenue')).toBe(-2_500)
    expect(total(sale ?? [], 'customer')).toBe(0)
  })

  test('books a refund against what the provider owes us', () => {
    const [refund] = bookingsFor(moved(2_500, 0), moved(2_500, 900))
    expect(total(refund ?? [], 'refunds')).toBe(900)
    expect(total(refund ?? [], 'provider_clearing')).toBe(-900)
  })

  test('books a refund that came back the other way', () => {
    const [back] = bookingsFor(moved(2_500, 900), moved(2_500, 0))
    expect(total(back ?? [], 'refunds')).toBe(-900)
  })

  test('books nothing where nothing moved', () => {
    expect(bookingsFor(moved(2_500, 900), moved(2_500, 900))).toEqual([])
  })

  test('books a sale and its refund apart, each adding up to zero', () => {
    const bookings = bookingsFor(moved(0, 0), moved(2_500, 2_500))
    expect(bookings).toHaveLength(2)
    for (const booking of bookings) {
      expect(booking.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(0)
    }
  })
})

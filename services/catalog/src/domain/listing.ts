import { ProductId } from '@comptoir/contracts/ids'
import { decodeCursor, encodeCursor, type Page } from '@comptoir/contracts/page'
import { Timestamp } from '@comptoir/contracts/text'
import { storable } from './text.ts'

const wordsMax = 8

/** The words a search must find all of; more than a shopper types are ignored. */
export const wordsOf = (q: string | undefined): string[] =>
  storable(q ?? '')
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, wordsMax)

/** The place a cursor stands for, as [sort value, id]; undefined when it was made for another sorting. */
export const placeOf = (cursor: string, sort: string): readonly [string | number, string] | undefined => {
  const [madeFor, value, id] = decodeCursor(cursor, 3) ?? []
  if (madeFor !== sort || value === undefined || !ProductId.safeParse(id).success) return undefined
  const fits = sort.endsWith('price')
    ? Number.isSafeInteger(value)
    : typeof value === 'string' && (sort !== 'newest' || Timestamp.safeParse(value).success)
  return fits ? [typeof value === 'string' ? storable(value) : value, String(id)] : undefined
}

/** Cuts the row that was read beyond the page, and remembers where the next one starts. */
export const pageOfRows = <T extends { id: string; sortValue: string | number }>(
  rows: readonly T[],
  sort: string,
  limit: number,
): Page<Omit<T, 'sortValue'>> => {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const nextCursor = rows.length > limit && last ? encodeCursor([sort, last.sortValue, last.id]) : null
  const items = shown.map((row) => {
    const { sortValue: _, ...item } = row
    return item
  })
  return { items, nextCursor }
}

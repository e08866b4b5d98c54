/** Lists come in pages behind an opaque cursor. */
import { z } from 'zod'

export const Limit = z.number().int().min(1).max(100).optional().describe('Items a page; 20 unless told')
export const Cursor = z.string().max(512).optional().describe('`nextCursor` of the page before')
export const defaultLimit = 20

/** The schema of one page of items. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() })

export interface Page<T> {
  items: T[]
  nextCursor: string | null
}

/** Makes a cursor of the last row's sort values. */
export const encodeCursor = (values: readonly (string | number)[]): string =>
  btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(values))))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

/** Reads a cursor; undefined when it is not one that `encodeCursor` made with as many values. */
export const decodeCursor = (cursor: string, length: number): (string | number)[] | undefined => {
  try {
    const bytes = Uint8Array.from(atob(cursor.replaceAll('-', '+').replaceAll('_', '/')), (c) =>
      c.charCodeAt(0),
    )
    const values = z
      .array(z.union([z.string(), z.number()]))
      .length(length)
      .safeParse(JSON.parse(new TextDecoder().decode(bytes)))
    return values.data
  } catch {
    return undefined
  }
}

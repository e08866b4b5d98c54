/** Which schemas are pages of a list: an object of `items` and the `nextCursor` of the page after. */
import { z } from 'zod'

export interface PageShape {
  readonly item: z.core.$ZodType
  /** What the page tells beside its items. */
  readonly others: Readonly<Record<string, z.core.$ZodType>>
}

/** The parts of a page; undefined for everything that is none. */
export const pageShape = (schema: z.core.$ZodType): PageShape | undefined => {
  if (!(schema instanceof z.ZodObject)) return undefined
  const { items, nextCursor, ...others } = schema.shape
  return items instanceof z.ZodArray && nextCursor !== undefined ? { item: items.element, others } : undefined
}

import { stockChanged } from '@comptoir/contracts/catalog/events'
import type { OutOfStock, StockLine } from '@comptoir/contracts/catalog/model'
import { type Occurrence, occurred } from '@comptoir/contracts/event'
import type { VariantId } from '@comptoir/contracts/ids'

/** on_hand = received + returned + adjusted − shipped; allocated = allocated − released − shipped. */
export const movementKinds = ['received', 'allocated', 'released', 'shipped', 'returned', 'adjusted'] as const

/** A stock level as a statement left it. */
export interface Level {
  variantId: VariantId
  sku: string
  onHand: number
  allocated: number
  version: number
}

export type ShortLine = OutOfStock['lines'][number]

/** Adds up the lines of each variant, in variant order: two lines of one variant compete for the same units. */
export const sumLines = (lines: readonly StockLine[]): StockLine[] => {
  const quantities = new Map<VariantId, number>()
  for (const { variantId, quantity } of lines) {
    quantities.set(variantId, (quantities.get(variantId) ?? 0) + quantity)
  }
  return [...quantities]
    .map(([variantId, quantity]) => ({ variantId, quantity }))
    .sort((a, b) => (a.variantId < b.variantId ? -1 : 1))
}

/** The events of changed levels. */
export const levelEvents = (levels: readonly Level[]): Occurrence[] =>
  levels.map(({ version, ...level }) =>
    occurred(stockChanged, {
      aggregateId: level.variantId,
      version,
      data: { ...level, available: level.onHand - level.allocated },
    }),
  )

import type { Access } from './sections/access.ts'
import type { Memory } from './sections/memory.ts'
import type { Hop } from './sections/hop.ts'
import type { Reads } from './sections/reads.ts'
import type { Saturation } from './sections/saturation.ts'
import type { Shoppers } from './sections/shoppers.ts'
import type { SickRun } from './sections/sick.ts'
import type { StepCost } from './sections/statements.ts'

/** All that one run of the bench found out. */
export interface Results {
  idle?: Memory
  reads?: Reads
  hop?: Hop
  readonly shoppers: Shoppers[]
  costs?: StepCost[]
  saturation?: Saturation
  sick?: SickRun[]
  access?: Access
}

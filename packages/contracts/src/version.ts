/** Optimistic concurrency: a write that only goes in where nobody else has written since its caller read. */
import { z } from 'zod'

/** No resource ever gets there: a write that asks for it is refused as one for an older version is. */
export const noVersion = 2_147_483_647

/** The `version` of an input whose contract has `concurrency: 'version'`. */
export const IfVersion = z
  .number()
  .int()
  .min(0)
  .max(noVersion)
  .optional()
  .describe('The version that was read; PRECONDITION_FAILED where there is another by now')

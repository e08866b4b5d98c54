/** Optimistic concurrency: a write that only goes in where nobody else has written since its caller read. */
import { z } from 'zod'

/** The `version` of an input whose contract has `concurrency: 'version'`. No resource ever has 0. */
export const IfVersion = z
  .number()
  .int()
  .min(0)
  .max(2_147_483_647)
  .optional()
  .describe('The version that was read; PRECONDITION_FAILED where there is another by now')

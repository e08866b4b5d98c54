import type { Stack } from '@comptoir/dev/stack'
import { memoryOf } from '../measure/processes.ts'

export type Memory = ReadonlyMap<string, number>

const settleMs = 5_000

/** What the shop takes when nobody is in it, some seconds after it was ready and its catalogue loaded. */
export const measureIdle = async (stack: Stack): Promise<Memory> => {
  await Bun.sleep(settleMs)
  return memoryOf(stack)
}

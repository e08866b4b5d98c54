import type { delivery } from '@comptoir/contracts/delivery/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { listedOptions } from '../domain/options.ts'

export const listOptions: Procedure<typeof delivery.listOptions, Context> = async ({ input }) => ({
  items: listedOptions(input.country ?? 'GB'),
})

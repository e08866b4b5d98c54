import type { delivery } from '@comptoir/contracts/delivery/procedures'
import type { Procedure } from '@comptoir/service-kit/procedure'
import type { Context } from '../context.ts'
import { optionsFor } from '../domain/options.ts'

export const quoteOptions: Procedure<typeof delivery.quoteOptions, Context> = async ({ input }) => ({
  items: optionsFor(input.country, input.subtotal),
})

import { KitConfig } from '@comptoir/service-kit/config'
import type { z } from 'zod'

export const Config = KitConfig
export type Config = z.output<typeof Config>

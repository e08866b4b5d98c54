import { exportAccount } from '../procedures/export-account.ts'

export const exportArea = { exportAccount }

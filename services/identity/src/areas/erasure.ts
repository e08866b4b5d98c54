import { deleteAccount } from '../procedures/delete-account.ts'

export const erasureArea = { deleteAccount }

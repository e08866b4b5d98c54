import { createGuest } from '../procedures/create-guest.ts'
import { getMe } from '../procedures/get-me.ts'
import { listKeys } from '../procedures/list-keys.ts'
import { listRevocations } from '../procedures/list-revocations.ts'
import { login } from '../procedures/login.ts'
import { logout } from '../procedures/logout.ts'
import { refresh } from '../procedures/refresh.ts'
import { register } from '../procedures/register.ts'
import { updateMe } from '../procedures/update-me.ts'

/** Getting in, staying in, and who one is. */
export const sessionsArea = {
  createGuest,
  register,
  login,
  refresh,
  logout,
  getMe,
  updateMe,
  listKeys,
  listRevocations,
}

import { disableUser } from '../procedures/disable-user.ts'
import { enableUser } from '../procedures/enable-user.ts'
import { listAuditEntries } from '../procedures/list-audit-entries.ts'
import { listRoles } from '../procedures/list-roles.ts'
import { listUsers } from '../procedures/list-users.ts'
import { removeRole } from '../procedures/remove-role.ts'
import { saveRole } from '../procedures/save-role.ts'
import { setUserRole } from '../procedures/set-user-role.ts'

export const staffArea = {
  listRoles,
  saveRole,
  removeRole,
  listUsers,
  setUserRole,
  disableUser,
  enableUser,
  listAuditEntries,
}

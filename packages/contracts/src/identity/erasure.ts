/** The end of an account. */
import { z } from 'zod'
import { mutation } from '../contract.ts'

export const erasureProcedures = {
  deleteAccount: mutation({
    summary:
      'Delete the account for good; orders keep their amounts, and lose name and address once they have ended',
    access: 'customer',
    fresh: true,
    http: { method: 'DELETE', path: '/v1/me', status: 204 },
    input: z.strictObject({}),
    output: z.null(),
    errors: {
      RIGHTS_HELD: {
        status: 409,
        message: 'This account holds rights in the shop; somebody has to take them away first.',
      },
    },
  }),
}

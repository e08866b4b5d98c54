import { addressFaults } from '@comptoir/contracts/address-rules'
import { ServiceError } from '@comptoir/contracts/errors'
import { addressProcedures } from '@comptoir/contracts/identity/addresses'
import type { Address } from '@comptoir/contracts/text'

/** Refuses what is no address in its country, with the fields. */
export const checkAddress = (address: Address): void => {
  const fields = addressFaults(address, '/address')
  const declared = addressProcedures.addAddress.errors.ADDRESS_INVALID
  if (fields.length > 0) throw new ServiceError('ADDRESS_INVALID', { ...declared, fields })
}

import { addAddress } from '../procedures/add-address.ts'
import { listAddresses } from '../procedures/list-addresses.ts'
import { removeAddress } from '../procedures/remove-address.ts'
import { updateAddress } from '../procedures/update-address.ts'

export const addressesArea = { listAddresses, addAddress, updateAddress, removeAddress }

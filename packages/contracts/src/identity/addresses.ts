/** The addresses that a person keeps, so as not to type them again. */
import { z } from 'zod'
import { mutation, query } from '../contract.ts'
import { Address } from '../text.ts'
import { IfVersion } from '../version.ts'
import { AddressId, SavedAddress } from './model.ts'

const invalid = {
  status: 422,
  message: 'In the country that it names this is no whole address.',
} as const
const notFound = { status: 404, message: 'There is no such address.' } as const

export const addressProcedures = {
  listAddresses: query({
    summary: 'The person’s addresses, oldest first',
    access: 'customer',
    http: { method: 'GET', path: '/v1/me/addresses' },
    input: z.strictObject({}),
    output: z.object({ items: z.array(SavedAddress) }),
  }),
  addAddress: mutation({
    summary: 'Keep an address; the first is the one that is meant by default',
    access: 'customer',
    priority: 'account',
    http: { method: 'POST', path: '/v1/me/addresses', status: 201 },
    idempotent: 'optional',
    input: z.strictObject({ address: Address, isDefault: z.boolean().optional() }),
    output: SavedAddress,
    errors: {
      ADDRESS_INVALID: invalid,
      ADDRESSES_FULL: { status: 409, message: 'Fifty addresses are kept at most; remove one first.' },
    },
  }),
  updateAddress: mutation({
    summary: 'Replace an address, or have it meant by default',
    access: 'customer',
    priority: 'account',
    http: { method: 'PATCH', path: '/v1/me/addresses/{addressId}' },
    concurrency: 'version',
    input: z.strictObject({
      addressId: AddressId,
      address: Address.optional(),
      isDefault: z.boolean().optional(),
      version: IfVersion,
    }),
    output: SavedAddress,
    errors: { ADDRESS_NOT_FOUND: notFound, ADDRESS_INVALID: invalid },
  }),
  removeAddress: mutation({
    summary: 'Keep an address no longer',
    access: 'customer',
    priority: 'account',
    http: { method: 'DELETE', path: '/v1/me/addresses/{addressId}', status: 204 },
    input: z.strictObject({ addressId: AddressId }),
    output: z.null(),
    errors: { ADDRESS_NOT_FOUND: notFound },
  }),
}

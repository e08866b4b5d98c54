/** What stands in the place of the personal data of somebody who was erased; it fits every contract that the data fitted. */
import type { Contact } from './carts/model.ts'
import type { Address } from './text.ts'

export const redactedEmail = 'erased@erased.invalid'

export const redactedContact: Contact = { email: redactedEmail }

/** The country stays with an order: its tax depended on it. */
export const redactedAddress: Omit<Address, 'country'> = {
  name: 'Erased',
  line1: 'Erased',
  city: 'Erased',
  postalCode: '0',
}

/** For what keeps an order's events without needing even the country. */
export const redactedOrder = { contact: redactedContact, address: { ...redactedAddress, country: 'ZZ' } }

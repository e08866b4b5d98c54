import type { FieldFault } from '@comptoir/contracts/errors'
import type { NewApiClient } from '@comptoir/contracts/identity/machine-model'
import { redirectUriFault } from './redirect-uri.ts'

/** What is wrong with a client that somebody wants to register, beyond its shape. */
export const newClientFaults = ({ type, actsForItself, redirectUris = [] }: NewApiClient): FieldFault[] => {
  const faults = redirectUris.flatMap((uri, at) => {
    const message = redirectUriFault(uri, type === 'public')
    return message === undefined ? [] : [{ pointer: `/redirectUris/${at}`, message }]
  })
  if (actsForItself === true && type === 'public')
    faults.push({
      pointer: '/actsForItself',
      message: 'A public client has no secret to act for itself with',
    })
  if (actsForItself !== true && redirectUris.length === 0)
    faults.push({
      pointer: '/redirectUris',
      message: 'Expected an address, or a client that acts for itself',
    })
  return faults
}

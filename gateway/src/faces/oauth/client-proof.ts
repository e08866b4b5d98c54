/** By what a client says who it is: `client_secret_basic`, `client_secret_post`, or `none` (RFC 6749, 2.3; RFC 7591, 2). */
import type { ClientProof } from '@comptoir/contracts/identity/oauth'
import { type Form, required } from './form.ts'
import { OAuthError } from './oauth-error.ts'

export const readClientProof = (authorization: string | undefined, form: Form): ClientProof => {
  const inForm = form.get('client_secret')
  if (authorization === undefined) return { clientId: required(form, 'client_id'), secret: inForm ?? null }
  if (inForm !== undefined)
    throw new OAuthError('invalid_request', 'A client proves who it is in one way only.')
  const proof = readBasic(authorization)
  if ((form.get('client_id') ?? proof.clientId) !== proof.clientId)
    throw new OAuthError('invalid_request', 'The client_id differs from that of the Authorization header.')
  return proof
}

/** Both halves are encoded like a form before they are joined. */
const readBasic = (authorization: string): ClientProof => {
  const [, encoded] = /^Basic +([A-Za-z\d+/]+={0,2})$/i.exec(authorization) ?? []
  const [, id, secret] = /^([^:]*):(.*)$/.exec(Buffer.from(encoded ?? '', 'base64').toString('latin1')) ?? []
  if (id === undefined || secret === undefined)
    throw new OAuthError('invalid_client', 'The Authorization header is not that of RFC 7617.')
  return { clientId: decode(id), secret: decode(secret) }
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw new OAuthError(
      'invalid_client',
      'The Authorization header is not encoded as RFC 6749, 2.3.1, says.',
    )
  }
}

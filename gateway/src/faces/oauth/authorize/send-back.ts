/** Sends the person back to the client (RFC 6749, 4.1.2; RFC 9207: with the name of who answers). */
import type { AuthorizationRequest, Refusal } from './authorization-request.ts'

type Destination = Pick<AuthorizationRequest, 'redirectUri' | 'state'>

export const sendBack = ({ redirectUri, state }: Destination, answer: Record<string, string>): Response => {
  const told = new URLSearchParams({ ...answer, ...(state === undefined ? {} : { state }) })
  const location = `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${told}`
  // 303: what was typed in here is not sent on (RFC 9700, 4.12).
  return new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store' } })
}

export const sendRefusal = (
  destination: Destination,
  { error, description }: Refusal,
  issuer: string,
): Response => sendBack(destination, { error, error_description: description, iss: issuer })

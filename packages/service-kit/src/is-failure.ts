/** Which answers say that a service, or an instance of it, is not well. */

/** A refusal that the contract declares, such as a provider’s outage, is an answer of a service that is well. */
export const isFailure = ({ status, headers }: Pick<Response, 'status' | 'headers'>): boolean =>
  status >= 500 && !headers.has('x-error-declared')

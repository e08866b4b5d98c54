/**
 * Calls that reach another service than the one they are for (421, RFC 9110, 15.5.20): an instance that has died is known
 * for some seconds more, and its address may be that of whoever started next.
 */

const misdirectedStatus = 421

/** Was thrown instead of an answer: the call was heard by a service that it is not for, and nothing was done. */
export class MisdirectedError extends Error {
  override readonly name = 'MisdirectedError'
}

/** The refusal of a call that is for another service than ours; undefined where it is for us. */
export const refuseMisdirected = (request: Request, service: string): Response | undefined => {
  const [, path] = request.url.split('/trpc/', 2)
  return path === undefined || path.startsWith(`${service}.`)
    ? undefined
    : new Response(null, { status: misdirectedStatus })
}

/** Gives an answer back. Throws MisdirectedError where it is somebody else's refusal. */
export const unlessMisdirected = (response: Response): Response => {
  if (response.status === misdirectedStatus) throw new MisdirectedError('Another service listens there')
  return response
}

export interface Outgoing {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** A string is sent as it is, with the content-type that `headers` name; anything else as JSON. */
  readonly body?: unknown
}

/** A request as it goes over the wire. */
export const bytesOf = ({ method, path, headers = {}, body }: Outgoing): Uint8Array => {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
  const type = body === undefined || typeof body === 'string' ? {} : { 'content-type': 'application/json' }
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(text)) }
  const lines = Object.entries({ host: 'bench', ...type, ...length, ...headers })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines}\r\n${text}`)
}

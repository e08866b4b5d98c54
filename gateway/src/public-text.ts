/**
 * An answer that is the same for everybody who asks without a credential: with a strong tag, told as 304 to whoever has
 * it, and compressed. Nothing else is compressed: the length of a compressed answer tells whether what a stranger put into
 * the request also stands in the secret part of the answer (the attack called BREACH), so an answer with a secret in it
 * never is.
 */
import { codedMinBytes, encode, negotiateCoding, type Coding } from './content-coding.ts'
import { codedTag, entityTag, namesTag } from './entity-tag.ts'

export interface PublicText {
  /** Strong, of the uncompressed bytes. */
  readonly tag: string
  readonly type: string
  /** Headers of a request that this text depends on, beside its coding (RFC 9110, 12.5.5). */
  readonly vary?: string | undefined
  readonly body: string | Uint8Array<ArrayBuffer>
  /** Made at the first request that wants it; undefined where the text is short or would not shrink. */
  coded(coding: Coding): Uint8Array<ArrayBuffer> | undefined
}

export interface TextFacts {
  readonly type: string
  /** Of the resource that the text shows. */
  readonly version?: number | undefined
  readonly vary?: string | undefined
}

export const publicText = (body: string | Uint8Array<ArrayBuffer>, facts: TextFacts): PublicText => {
  const made = new Map<Coding, Uint8Array<ArrayBuffer>>()
  return {
    tag: entityTag(body, facts.version),
    type: facts.type,
    vary: facts.vary,
    body,
    coded: (coding) => {
      if (body.length < codedMinBytes) return undefined
      const coded = made.get(coding) ?? encode(body, coding)
      made.set(coding, coded)
      return coded.byteLength < body.length ? coded : undefined
    },
  }
}

/** Tells a text: 304 to a client that has it, otherwise in the coding that the client likes best. */
export const tellText = (
  asked: Headers,
  text: PublicText,
  more: Readonly<Record<string, string>> = {},
): Response => {
  const wished = negotiateCoding(asked.get('accept-encoding'))
  const coded = wished && text.coded(wished)
  const coding = coded === undefined ? undefined : wished
  const headers = {
    ...more,
    etag: coding === undefined ? text.tag : codedTag(text.tag, coding),
    vary: text.vary === undefined ? 'accept-encoding' : `accept-encoding, ${text.vary}`,
  }
  if (namesTag(asked.get('if-none-match'), text.tag)) return new Response(null, { status: 304, headers })
  return new Response(coded ?? text.body, {
    headers: {
      ...headers,
      'content-type': text.type,
      ...(coding === undefined ? {} : { 'content-encoding': coding }),
    },
  })
}

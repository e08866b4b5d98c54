import type { Locale } from '@comptoir/contracts/text'
import type { LinkPayload } from '../domain/payload.ts'
import { inert } from './inert.ts'
import { type Letter, letter } from './letter.ts'
import { linkedLetters } from './linked-letters.ts'

/** A letter with a link that works once. */
export const renderLinked = (
  { template, name }: LinkPayload,
  locale: Locale,
  { url, shopName }: { url: string; shopName: string },
): Letter => {
  const { label, ...words } = linkedLetters[template][locale](inert(name), shopName)
  return letter({ ...words, link: { label, url } }, { locale, shopName })
}

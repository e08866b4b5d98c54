import type { Locale } from '@comptoir/contracts/text'
import type { OrderFacts } from '../domain/payload.ts'
import { escapeHtml } from './format.ts'
import { linesAsHtml, linesAsText } from './order-lines.ts'

export interface Letter {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** What a template says; `letter` gives it its form. */
export interface Words {
  readonly subject: string
  readonly paragraphs: readonly string[]
  readonly link?: { readonly label: string; readonly url: string } | undefined
}

/** One letter, as plain text and as HTML that reads well without pictures, style sheets or sight. */
export const letter = (
  words: Words,
  about: { locale: Locale; shopName: string; order?: OrderFacts },
): Letter => ({
  subject: words.subject,
  text: asText(words, about),
  html: asHtml(words, about),
})

type About = Parameters<typeof letter>[1]

const asText = (words: Words, { locale, shopName, order }: About): string =>
  [
    ...words.paragraphs,
    ...(order === undefined ? [] : [linesAsText(order, locale)]),
    ...(words.link === undefined ? [] : [`${words.link.label}\n${words.link.url}`]),
    shopName,
  ].join('\n\n')

const asHtml = (words: Words, { locale, shopName, order }: About): string => `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(words.subject)}</title>
</head>
<body style="margin:0;padding:24px;font-family:Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5;color:#1a1a1a;background:#ffffff">
<main style="max-width:560px;margin:0 auto">
<h1 style="font-size:22px;line-height:1.3">${escapeHtml(words.subject)}</h1>
${words.paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`).join('\n')}
${order === undefined ? '' : linesAsHtml(order, locale)}
${words.link === undefined ? '' : linkAsHtml(words.link)}
<p>${escapeHtml(shopName)}</p>
</main>
</body>
</html>
`

const linkAsHtml = ({ label, url }: { label: string; url: string }): string =>
  `<p><a href="${escapeHtml(url)}" style="color:#0b5394">${escapeHtml(label)}</a></p>`

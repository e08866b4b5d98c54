/** The pages that a person sees on the way: written here as they are, with no script in them. */
import { randomBytes } from 'node:crypto'
import type { Locale } from '@comptoir/contracts/text'
import { html } from 'hono/html'
import type { Asked } from './authorization-request.ts'
import type { SignInFault } from './sign-in.ts'
import { words, type Words } from './words.ts'

type Html = ReturnType<typeof html>

export interface Asking {
  readonly locale: Locale
  /** The client's request as it came. */
  readonly search: string
  readonly redirectUri: string
  readonly asked: Asked
}

export const signInPage = (
  { locale, search, redirectUri, asked }: Asking,
  tried?: { readonly fault: SignInFault; readonly email: string },
): Promise<Response> => {
  const say = words[locale]
  const body = html`<h1>${say.signIn}</h1>
    <p>${say.signInFor(asked.clientName)}</p>
    ${tried === undefined ? '' : html`<p role="alert">${say.faults[tried.fault]}</p>`}
    <form method="post" action="/oauth/authorize">
      <input type="hidden" name="request" value="${search}" />
      <input type="hidden" name="step" value="sign-in" />
      <label
        >${say.email}
        <input
          type="email"
          name="email"
          value="${tried?.email ?? ''}"
          autocomplete="username"
          required
          autofocus
      /></label>
      <label
        >${say.password} <input type="password" name="password" autocomplete="current-password" required
      /></label>
      <label
        >${say.code} <input name="code" autocapitalize="none" autocomplete="one-time-code" maxlength="40"
      /></label>
      <button>${say.signIn}</button>
    </form>`
  const status = tried === undefined ? 200 : tried.fault === 'throttled' ? 429 : 400
  return page(say.signIn, body, { locale, status, redirectUri })
}

export const consentPage = (
  { locale, search, redirectUri, asked }: Asking,
  token: string,
): Promise<Response> => {
  const say = words[locale]
  const { clientName, scopes, person } = asked
  const title = say.consent(clientName)
  const body = html`<h1>${title}</h1>
    <p>${say.wants(clientName)}</p>
    <ul>
      ${scopes.map((scope) => html`<li>${say.scopes[scope] ?? scope}</li>`)}
    </ul>
    <dl>
      <dt>${say.signedInAs}</dt>
      <dd>${person?.name} (${person?.email})</dd>
      <dt>${say.sentTo}</dt>
      <dd>${destinationOf(redirectUri)}</dd>
    </dl>
    <form method="post" action="/oauth/authorize">
      <input type="hidden" name="request" value="${search}" />
      <input type="hidden" name="step" value="decision" />
      <input type="hidden" name="token" value="${token}" />
      <button name="decision" value="allow">${say.allow}</button>
      <button name="decision" value="deny" class="quiet">${say.deny}</button>
    </form>`
  return page(title, body, { locale, status: 200, redirectUri })
}

/** What has nowhere to go but this page. */
export const deadEndPage = (
  locale: Locale,
  reason: keyof Words['deadEnds'],
  status: number,
): Promise<Response> => {
  const say = words[locale]
  const body = html`<h1>${say.sorry}</h1>
    <p>${say.deadEnds[reason]}</p>`
  return page(say.sorry, body, { locale, status })
}

const destinationOf = (redirectUri: string): string => {
  const { host, protocol } = new URL(redirectUri)
  return host === '' ? protocol : host
}

interface Shown {
  readonly locale: Locale
  readonly status: number
  /** Where a form of the page may end up, by way of a redirect. */
  readonly redirectUri?: string
}

const page = async (title: string, body: Html, { locale, status, redirectUri }: Shown): Promise<Response> => {
  const nonce = randomBytes(16).toString('base64')
  const text = await html`<!doctype html>
    <html lang="${locale}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style nonce="${nonce}">
          ${style}
        </style>
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html>`
  return new Response(String(text), {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-language': locale,
      'content-security-policy': rules(nonce, redirectUri),
      // For browsers that do not know frame-ancestors (RFC 9700, 4.16).
      'x-frame-options': 'DENY',
      'cache-control': 'no-store',
      'cross-origin-opener-policy': 'same-origin',
      // With no-referrer a browser would not say that a form comes from here.
      'referrer-policy': 'same-origin',
    },
  })
}

/** Browsers hold a redirect after a form to `form-action` too. */
const rules = (nonce: string, redirectUri: string | undefined): string =>
  [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    `form-action ${redirectUri === undefined ? "'none'" : `'self' ${sourceOf(redirectUri)}`}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

/** An IPv6 address, and an address of a scheme without hosts, cannot be written as a source but by its scheme. */
const sourceOf = (redirectUri: string): string => {
  const { protocol, hostname, host } = new URL(redirectUri)
  return hostname === '' || hostname.startsWith('[') ? protocol : `${protocol}//${host}`
}

const style = `
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
  main { max-width: 26rem; margin: 10vh auto; padding: 0 1rem; }
  h1 { font-size: 1.4rem; }
  label, dt { display: block; margin-top: 1rem; font-weight: 600; }
  h1, p, dd { overflow-wrap: anywhere; }
  dd { margin: 0; }
  input:not([type=hidden]) { display: block; box-sizing: border-box; width: 100%; padding: .6rem; font: inherit;
    font-weight: 400; }
  button { margin: 1.5rem .5rem 0 0; padding: .6rem 1.2rem; border: 1px solid #14532d; border-radius: .3rem;
    background: #14532d; color: #fff; font: inherit; }
  button.quiet { background: none; color: inherit; }
  [role=alert] { padding: .6rem; border-left: .3rem solid #b91c1c; }
`

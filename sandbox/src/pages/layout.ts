import type { Context } from 'hono'
import { html, raw } from 'hono/html'

export type Html = ReturnType<typeof html>

const style = `
:root { color-scheme: light dark; --ink: #1c1b1a; --paper: #fbfaf8; --line: #d9d5cf; --quiet: #625d56; --accent: #0b5f57; }
@media (prefers-color-scheme: dark) { :root { --ink: #f0eeea; --paper: #181716; --line: #3a3733; --quiet: #aaa49b; --accent: #6fd0c4; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem 4rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.4rem; } a { color: var(--accent); }
a:focus-visible, button:focus-visible, input:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
form.filter { display: flex; gap: .5rem; align-items: end; flex-wrap: wrap; margin: 1rem 0; }
label { display: block; font-size: .875rem; color: var(--quiet); }
input, button { font: inherit; padding: .4rem .7rem; border: 1px solid var(--line); border-radius: .4rem; background: transparent; color: inherit; min-height: 2.75rem; }
button.primary { background: var(--accent); color: var(--paper); border-color: var(--accent); }
ul.list { list-style: none; padding: 0; border-top: 1px solid var(--line); }
ul.list > li { border-bottom: 1px solid var(--line); padding: .75rem 0; overflow-wrap: anywhere; }
.quiet { color: var(--quiet); font-size: .875rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; } dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
iframe { width: 100%; height: 32rem; border: 1px solid var(--line); border-radius: .4rem; background: #fff; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--line); border-radius: .4rem; padding: 1rem; }
.actions { display: flex; gap: .75rem; margin-top: 1.5rem; } .card { border: 1px solid var(--line); border-radius: .6rem; padding: 1.5rem; max-width: 28rem; margin: 2rem auto; }
`

// Nothing is loaded from anywhere, and no script runs; what was sent by others is shown, never executed.
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'"

type Shown = { title: string; body: Html; status?: 200 | 400 | 404 | 409 }

export const page = async (c: Context, { title, body, status = 200 }: Shown): Promise<Response> => {
  c.header('content-security-policy', policy)
  c.header('referrer-policy', 'no-referrer')
  c.header('x-content-type-options', 'nosniff')
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          ${raw(style)}
        </style>
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html>`
  return c.html(await document, status)
}

export const wantsJson = (c: Context): boolean => {
  const accept = c.req.header('accept') ?? ''
  return accept.includes('application/json') && !accept.includes('text/html')
}

export const time = (iso: string): Html =>
  html`<time datetime="${iso}">${iso.replace('T', ' ').slice(0, 19)} UTC</time>`

import { Hono } from 'hono'
import { html } from 'hono/html'
import type { Ledger } from '../ledger.ts'
import { listMail, mailById, type Mail } from '../resend/mail-table.ts'
import { page, time, wantsJson, type Html } from './layout.ts'

const shownMax = 500

const list = (mails: Mail[], to: string | undefined): Html =>
  html`<h1>Mailbox</h1>
    <form class="filter" method="get" action="/mailbox" role="search">
      <div>
        <label for="to">Sent to</label
        ><input id="to" name="to" type="search" value="${to ?? ''}" autocomplete="off" />
      </div>
      <button type="submit">Filter</button>
    </form>
    <p class="quiet" role="status">
      ${mails.length === 0 ? 'Nothing was sent yet.' : `${mails.length} shown, newest first.`}
    </p>
    <ul class="list">
      ${mails.map(
        (mail) =>
          html`<li>
            <a href="/mailbox/${mail.id}">${mail.subject}</a>
            <div class="quiet">to ${mail.to.join(', ')} · from ${mail.from} · ${time(mail.createdAt)}</div>
          </li>`,
      )}
    </ul>`

const one = (mail: Mail): Html =>
  html`<p><a href="/mailbox">All mail</a></p>
    <h1>${mail.subject}</h1>
    <dl>
      <dt>From</dt>
      <dd>${mail.from}</dd>
      <dt>To</dt>
      <dd>${mail.to.join(', ')}</dd>
      ${
        mail.cc.length === 0
          ? ''
          : html`<dt>Cc</dt>
              <dd>${mail.cc.join(', ')}</dd>`
      }
      ${
        mail.bcc.length === 0
          ? ''
          : html`<dt>Bcc</dt>
              <dd>${mail.bcc.join(', ')}</dd>`
      }
      <dt>Sent</dt>
      <dd>${time(mail.createdAt)}</dd>
      ${
        mail.idempotencyKey === null
          ? ''
          : html`<dt>Key</dt>
              <dd>${mail.idempotencyKey}</dd>`
      }
    </dl>
    ${
      mail.html === null
        ? ''
        : html`<h2>As HTML</h2>
            <iframe sandbox title="The mail as HTML" srcdoc="${mail.html}"></iframe>`
    }
    ${
      mail.text === null
        ? ''
        : html`<h2>As text</h2>
            <pre>${mail.text}</pre>`
    }`

export const mailboxPages = (ledger: Ledger): Hono => {
  const app = new Hono()
  app.get('/', async (c): Promise<Response> => {
    const to = c.req.query('to') || undefined
    if (wantsJson(c)) return c.json({ data: listMail(ledger, to) })
    return page(c, { title: 'Mailbox', body: list(listMail(ledger, to, shownMax), to) })
  })
  app.get('/:id', async (c): Promise<Response> => {
    const mail = mailById(ledger, c.req.param('id'))
    if (mail !== undefined)
      return wantsJson(c) ? c.json(mail) : page(c, { title: mail.subject, body: one(mail) })
    if (wantsJson(c)) return c.json({ error: { code: 'not_found', message: 'There is no such mail.' } }, 404)
    return page(c, {
      title: 'Not found',
      body: html`<h1>There is no such mail.</h1>
        <p><a href="/mailbox">All mail</a></p>`,
      status: 404,
    })
  })
  return app
}

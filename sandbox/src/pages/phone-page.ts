import { Hono } from 'hono'
import { html } from 'hono/html'
import type { Ledger } from '../ledger.ts'
import { listSms, type Sms } from '../twilio/sms-table.ts'
import { page, time, wantsJson, type Html } from './layout.ts'

const shownMax = 500

const list = (messages: Sms[], to: string | undefined): Html =>
  html`<h1>Phone</h1>
    <form class="filter" method="get" action="/phone" role="search">
      <div>
        <label for="to">Sent to</label
        ><input id="to" name="to" type="search" value="${to ?? ''}" autocomplete="off" />
      </div>
      <button type="submit">Filter</button>
    </form>
    <p class="quiet" role="status">
      ${messages.length === 0 ? 'Nothing was sent yet.' : `${messages.length} shown, newest first.`}
    </p>
    <ul class="list">
      ${messages.map(
        (sms) =>
          html`<li>
            ${sms.body}
            <div class="quiet">to ${sms.to} · from ${sms.from} · ${time(sms.createdAt)}</div>
          </li>`,
      )}
    </ul>`

export const phonePages = (ledger: Ledger): Hono => {
  const app = new Hono()
  app.get('/', async (c): Promise<Response> => {
    // An unescaped plus sign in a query is a blank.
    const to = c.req.query('to')?.replace(/^ /, '+') || undefined
    const filter = to === undefined ? {} : { to }
    if (wantsJson(c)) return c.json({ data: listSms(ledger, filter) })
    return page(c, {
      title: 'Phone',
      body: list(listSms(ledger, filter, { limit: shownMax, offset: 0 }), to),
    })
  })
  return app
}

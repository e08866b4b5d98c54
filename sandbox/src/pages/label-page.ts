import type { Context } from 'hono'
import { html } from 'hono/html'
import type { LabelRow } from '../carrier/label-table.ts'
import { page, type Html } from './layout.ts'

const linesOf = (label: LabelRow): string[] => {
  const { recipient }: { recipient: Record<string, string | null> } = JSON.parse(label.request)
  const lines = [
    recipient['name'],
    recipient['line1'],
    recipient['line2'],
    [recipient['postalCode'], recipient['city']].join(' '),
    recipient['region'],
    recipient['country'],
  ]
  return lines.filter((line) => typeof line === 'string' && line !== '').map(String)
}

const content = (label: LabelRow): Html =>
  html`<div class="card">
    <h1>${label.tracking_number}</h1>
    ${label.status === 'voided' ? html`<p><strong>Voided</strong></p>` : ''}
    <p>${linesOf(label).map((line) => html`${line}<br />`)}</p>
    <dl>
      <dt>Service</dt>
      <dd>${label.service}</dd>
      <dt>Reference</dt>
      <dd>${label.reference}</dd>
    </dl>
  </div>`

export const labelPage = (c: Context, label: LabelRow): Promise<Response> =>
  page(c, { title: `Label ${label.tracking_number}`, body: content(label) })

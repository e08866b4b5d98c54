import { Hono, type Context } from 'hono'
import type { Clock } from '../clock.ts'
import type { Ledger } from '../ledger.ts'
import { perform, toResponse, type Answer, type House } from '../perform.ts'
import { randomHex } from '../random-id.ts'
import { basic, sameSecret } from '../secret.ts'
import { dateFilter } from './date-filter.ts'
import { addSms, listSms, smsBySid, type Sms } from './sms-table.ts'
import { TwilioError, twilioAnswer, twilioFailure } from './twilio-error.ts'

type TwilioOptions = {
  ledger: Ledger
  clock: Clock
  house: House
  accountSid: string
  authToken: string
}

const root = '/2010-04-01/Accounts/:account'
const bodyMax = 1600
const pageSizeMax = 1000

const authorize = (c: Context, { accountSid, authToken }: TwilioOptions): void => {
  const given = basic(c.req.header('authorization'))
  const right =
    given !== undefined && sameSecret(given.user, accountSid) && sameSecret(given.password, authToken)
  if (!right || c.req.param('account') !== accountSid) throw new TwilioError(401, 20003, 'Authenticate')
}

const segments = (body: string): number => {
  const wide = /[^\u0020-\u007e\n\r£¥èéùìòÇØøÅåÆæßÉÄÖÑÜ§¿äöñüàΔΦΓΛΩΠΨΣΘΞ€]/.test(body)
  const [one, several] = wide ? [70, 67] : [160, 153]
  return body.length <= one ? 1 : Math.ceil(body.length / several)
}

const rfc2822 = (iso: string): string => new Date(iso).toUTCString().replace('GMT', '+0000')

const shown = (sms: Sms, accountSid: string, status: 'queued' | 'delivered'): Record<string, unknown> => ({
  account_sid: accountSid,
  api_version: '2010-04-01',
  body: sms.body,
  date_created: rfc2822(sms.createdAt),
  date_sent: status === 'queued' ? null : rfc2822(sms.createdAt),
  date_updated: rfc2822(sms.createdAt),
  direction: 'outbound-api',
  error_code: null,
  error_message: null,
  from: sms.from,
  messaging_service_sid: null,
  num_media: '0',
  num_segments: String(segments(sms.body)),
  price: null,
  price_unit: 'USD',
  sid: sms.sid,
  status,
  subresource_uris: { media: `/2010-04-01/Accounts/${accountSid}/Messages/${sms.sid}/Media.json` },
  to: sms.to,
  uri: `/2010-04-01/Accounts/${accountSid}/Messages/${sms.sid}.json`,
})

const readSms = (form: URLSearchParams, now: number): Sms => {
  const [to, body] = [form.get('To') ?? '', form.get('Body') ?? '']
  const from = form.get('From') ?? form.get('MessagingServiceSid') ?? ''
  if (to === '') throw new TwilioError(400, 21604, "A 'To' phone number is required.")
  if (from === '') throw new TwilioError(400, 21603, "A 'From' phone number is required.")
  if (body === '') throw new TwilioError(400, 21602, 'Message body is required.')
  // +15005550001 is the number that Twilio's test credentials call invalid.
  if (!/^\+[1-9]\d{6,14}$/.test(to) || to === '+15005550001')
    throw new TwilioError(400, 21211, `Invalid 'To' Phone Number: ${to.slice(0, 4)}XXXX`)
  if (body.length > bodyMax)
    throw new TwilioError(400, 21617, 'The concatenated message body exceeds the 1600 character limit.')
  return { sid: randomHex('SM'), to, from, body, createdAt: new Date(now).toISOString() }
}

const listPage = (c: Context, { ledger, accountSid }: TwilioOptions): Answer => {
  const query = new URL(c.req.url).searchParams
  const size = Math.min(Math.max(Number.parseInt(query.get('PageSize') ?? '50', 10) || 50, 1), pageSizeMax)
  const page = Math.max(Number.parseInt(query.get('Page') ?? '0', 10) || 0, 0)
  const [to, from] = [query.get('To'), query.get('From')]
  const filter = { ...(to !== null && { to }), ...(from !== null && { from }), ...dateFilter(query) }
  const found = listSms(ledger, filter, { limit: size + 1, offset: page * size })
  const messages = found.slice(0, size)
  const uriOf = (at: number): string => {
    const next = new URLSearchParams(query)
    next.set('PageSize', String(size))
    next.set('Page', String(at))
    return `/2010-04-01/Accounts/${accountSid}/Messages.json?${next.toString()}`
  }
  const start = page * size
  const body = {
    end: Math.max(start + messages.length - 1, start),
    first_page_uri: uriOf(0),
    messages: messages.map((sms) => shown(sms, accountSid, 'delivered')),
    next_page_uri: found.length > size ? uriOf(page + 1) : null,
    page,
    page_size: size,
    previous_page_uri: page > 0 ? uriOf(page - 1) : null,
    start,
    uri: uriOf(page),
  }
  return { status: 200, body }
}

export const twilioRoutes = (options: TwilioOptions): Hono => {
  const app = new Hono()
  const { ledger, clock, house, accountSid } = options
  const answer = (operation: string, effect: () => Answer): Promise<Response> =>
    perform(house, { provider: 'twilio', operation, ledger, effect, failure: twilioFailure })
  app.onError((error) => {
    if (error instanceof TwilioError) return toResponse(twilioAnswer(error))
    throw error
  })
  app.use(`${root}/*`, async (c, next) => {
    authorize(c, options)
    await next()
  })
  app.post(`${root}/Messages.json`, async (c) => {
    const form = new URLSearchParams(await c.req.text())
    return answer('messages.create', () => {
      const sms = readSms(form, clock.now())
      addSms(ledger, sms)
      return { status: 201, body: shown(sms, accountSid, 'queued') }
    })
  })
  app.get(`${root}/Messages.json`, (c) => answer('messages.list', () => listPage(c, options)))
  app.get(`${root}/Messages/:file{.+\\.json}`, (c) =>
    answer('messages.get', () => {
      const sms = smsBySid(ledger, c.req.param('file').replace(/\.json$/, ''))
      if (sms === undefined) throw notFound(c.req.path)
      return { status: 200, body: shown(sms, accountSid, 'delivered') }
    }),
  )
  app.all('/*', (c) => {
    throw notFound(c.req.path)
  })
  return app
}

const notFound = (path: string): TwilioError =>
  new TwilioError(404, 20404, `The requested resource ${path.replace(/^\/twilio/, '')} was not found`)

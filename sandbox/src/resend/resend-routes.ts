import { Hono, type Context } from 'hono'
import type { Clock } from '../clock.ts'
import type { Ledger } from '../ledger.ts'
import { perform, toResponse, type Answer, type House } from '../perform.ts'
import { bearer, sameSecret } from '../secret.ts'
import { createEmailKeys, type EmailKeys } from './email-keys.ts'
import { parseEmail, type EmailBody } from './email-body.ts'
import { addMail, mailById, type Mail } from './mail-table.ts'
import { ResendError, resendAnswer, resendFailure } from './resend-error.ts'

type ResendOptions = { ledger: Ledger; clock: Clock; house: House; apiKey: string }

const batchMax = 100

const authorize = (c: Context, apiKey: string): void => {
  const given = bearer(c.req.header('authorization'))
  if (given === undefined)
    throw new ResendError(401, 'missing_api_key', 'Missing API key in the authorization header.')
  if (!sameSecret(given, apiKey)) throw new ResendError(401, 'invalid_api_key', 'API key is invalid')
}

const sendOne = (options: ResendOptions, email: EmailBody, idempotencyKey: string | null): { id: string } => {
  const id = crypto.randomUUID()
  addMail(options.ledger, {
    id,
    from: email.from,
    to: email.to,
    cc: email.cc,
    bcc: email.bcc,
    replyTo: email.reply_to,
    subject: email.subject,
    html: email.html ?? null,
    text: email.text ?? null,
    headers: email.headers ?? {},
    tags: email.tags ?? [],
    attachments: (email.attachments ?? []).map((attachment) => ({
      filename: attachment.filename || null,
      contentType: attachment.content_type ?? null,
      bytes: Math.floor(((attachment.content ?? '').length * 3) / 4),
    })),
    scheduledAt: email.scheduled_at ?? null,
    idempotencyKey,
    createdAt: new Date(options.clock.now()).toISOString(),
  })
  return { id }
}

const readJson = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    throw new ResendError(400, 'validation_error', 'The request body is not valid JSON.')
  }
}

const parseBatch = (value: unknown): EmailBody[] => {
  if (!Array.isArray(value) || value.length === 0 || value.length > batchMax)
    throw new ResendError(422, 'validation_error', `The batch must hold between 1 and ${batchMax} emails.`)
  return value.map(parseEmail)
}

type Sending = { keys: EmailKeys; operation: string; effect: (body: unknown, key: string | null) => Answer }

const send = async (c: Context, options: ResendOptions, sending: Sending): Promise<Response> => {
  const { keys } = sending
  const { ledger, clock, house } = options
  const body = await c.req.text()
  const key = c.req.header('idempotency-key') ?? null
  const fingerprint = new Bun.CryptoHasher('sha256').update(`${sending.operation}\n${body}`).digest('hex')
  const kept = key === null ? undefined : keys.open(key, fingerprint, clock.now())
  if (kept !== undefined) return toResponse(kept)
  try {
    const value = readJson(body)
    return await perform(house, {
      provider: 'resend',
      operation: sending.operation,
      ledger,
      effect: () => sending.effect(value, key),
      failure: resendFailure,
      keep: ({ answer }) => {
        if (key !== null && answer.status === 200) keys.keep(key, { fingerprint, answer, now: clock.now() })
      },
    })
  } finally {
    if (key !== null) keys.close(key)
  }
}

const shown = (mail: Mail): Record<string, unknown> => ({
  object: 'email',
  id: mail.id,
  message_id: `<${mail.id}@sandbox.invalid>`,
  to: mail.to,
  from: mail.from,
  created_at: mail.createdAt,
  subject: mail.subject,
  html: mail.html,
  text: mail.text,
  bcc: mail.bcc.length === 0 ? null : mail.bcc,
  cc: mail.cc.length === 0 ? null : mail.cc,
  reply_to: mail.replyTo.length === 0 ? null : mail.replyTo,
  last_event: 'delivered',
  scheduled_at: mail.scheduledAt,
  tags: mail.tags,
})

export const resendRoutes = (options: ResendOptions): Hono => {
  const app = new Hono()
  const keys = createEmailKeys(options.ledger)
  app.onError((error) => {
    if (error instanceof ResendError) return toResponse(resendAnswer(error))
    throw error
  })
  app.use('/emails/*', async (c, next) => {
    authorize(c, options.apiKey)
    await next()
  })
  app.post('/emails', (c) =>
    send(c, options, {
      keys,
      operation: 'emails.send',
      effect: (value, key) => ({ status: 200, body: sendOne(options, parseEmail(value), key) }),
    }),
  )
  app.post('/emails/batch', (c) =>
    send(c, options, {
      keys,
      operation: 'emails.batch',
      effect: (value, key) => ({
        status: 200,
        body: { data: parseBatch(value).map((email) => sendOne(options, email, key)) },
      }),
    }),
  )
  app.get('/emails/:id', (c) =>
    perform(options.house, {
      provider: 'resend',
      operation: 'emails.get',
      ledger: options.ledger,
      failure: resendFailure,
      effect: () => {
        const mail = mailById(options.ledger, c.req.param('id'))
        if (mail === undefined) throw new ResendError(404, 'not_found', 'Email not found')
        return { status: 200, body: shown(mail) }
      },
    }),
  )
  app.all('/*', () => {
    throw new ResendError(404, 'not_found', 'The requested endpoint does not exist.')
  })
  return app
}

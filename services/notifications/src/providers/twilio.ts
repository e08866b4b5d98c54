import { outbound } from '@comptoir/service-kit/outbound'
import { reveal, type Secret } from '@comptoir/service-kit/secret'
import { z } from 'zod'
import type { Sms, SmsGateway } from '../context.ts'
import { type Outcome, outcomeOfStatus } from '../domain/outcome.ts'
import { UnknownOutcome, unknownOutcome } from './unknown-outcome.ts'

const Taken = z.object({ sid: z.string() })
const Refusal = z.object({ code: z.number() })
const Listing = z.object({ messages: z.array(z.object({ sid: z.string(), body: z.string() })) })

export interface TwilioAccount {
  readonly accountSid: string
  readonly authToken: Secret
  readonly baseUrl: string
  readonly from: string
}

/** SMS through Twilio's REST API, without its SDK and the fifty packages that come with it. */
export const twilioGateway = (account: TwilioAccount): SmsGateway => {
  const url = `${account.baseUrl}/2010-04-01/Accounts/${account.accountSid}/Messages.json`
  const credential = Buffer.from(`${account.accountSid}:${reveal(account.authToken)}`).toString('base64')
  const headers = { authorization: `Basic ${credential}` }
  return {
    send: ({ to, body }) =>
      outbound({ peer: 'twilio', operation: 'send', timeoutMs: 15_000 }, async (signal) => {
        const form = new URLSearchParams({ To: to, From: account.from, Body: body })
        return outcomeOf(await fetch(url, { method: 'POST', headers, body: form, signal, redirect: 'error' }))
      }).catch(unknownOutcome),
    find: (sms) =>
      outbound({ peer: 'twilio', operation: 'find', timeoutMs: 15_000 }, async (signal) => {
        // Not filtered by DateSent: a message that Twilio has taken and not sent yet has none.
        const query = new URLSearchParams({ To: sms.to, From: account.from, PageSize: '100' })
        return foundIn(await fetch(`${url}?${query}`, { headers, signal, redirect: 'error' }), sms)
      }),
  }
}

const outcomeOf = async (response: Response): Promise<Outcome> => {
  if (response.ok) return { kind: 'sent', providerId: Taken.parse(await response.json()).sid }
  const refusal = Refusal.safeParse(await response.json().catch(() => undefined))
  const outcome = outcomeOfStatus(response.status, String(refusal.data?.code ?? 'none'))
  if (outcome.kind === 'unknown') throw new UnknownOutcome(outcome.reason)
  return outcome
}

const foundIn = async (response: Response, sms: Sms): Promise<string | undefined> => {
  if (!response.ok) throw new UnknownOutcome(`${response.status}:find`)
  const { messages } = Listing.parse(await response.json())
  return messages.find((message) => message.body === sms.body)?.sid
}

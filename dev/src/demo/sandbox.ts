// What the demo does at the providers' stand-ins: what a browser, a carrier and a customer would do.

/** Confirms a payment as Stripe.js does in the customer's browser: with the client secret and a publishable key. */
export const confirmCard = async (
  sandboxUrl: string,
  payment: { clientSecret: string; paymentIntentId: string; publishableKey: string },
  card = 'pm_card_visa',
): Promise<string> => {
  const response = await fetch(`${sandboxUrl}/v1/payment_intents/${payment.paymentIntentId}/confirm`, {
    method: 'POST',
    body: new URLSearchParams({
      key: payment.publishableKey,
      client_secret: payment.clientSecret,
      payment_method: card,
    }),
  })
  const body = (await response.json()) as { status?: string; error?: { code?: string } }
  return body.status ?? body.error?.code ?? 'unknown'
}

/** Moves a parcel along its way, as days would. */
export const advanceParcel = async (
  sandboxUrl: string,
  trackingNumber: string,
  to: string,
): Promise<void> => {
  const response = await fetch(`${sandboxUrl}/sandbox/carrier/${trackingNumber}/advance`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ to }),
  })
  if (!response.ok) throw new Error(`The carrier answered ${response.status}`)
}

export interface Mail {
  readonly to: string[]
  readonly subject: string
  readonly text: string | null
}

export interface Text {
  readonly to: string
  readonly body: string
}

/** The e-mails that one recipient got, oldest first. */
export const mailsTo = async (sandboxUrl: string, recipient: string): Promise<Mail[]> =>
  (await list<Mail>(`${sandboxUrl}/mailbox?to=${encodeURIComponent(recipient)}`)).toReversed()

/** The texts that one number got, oldest first. */
export const textsTo = async (sandboxUrl: string, number: string): Promise<Text[]> =>
  (await list<Text>(`${sandboxUrl}/phone?to=${encodeURIComponent(number)}`)).toReversed()

const list = async <T>(url: string): Promise<T[]> => {
  const response = await fetch(url, { headers: { accept: 'application/json' } })
  return ((await response.json()) as { data: T[] }).data
}

// Stripe's documented test cards. A card is known inside by its name here; numbers never go further than this file.
export type Decline = { code: string; declineCode: string; message: string }

type TestCard = {
  brand: string
  last4: string
  country: string
  decline?: Decline
  authentication?: boolean
  afterwards?: 'dispute' | 'refund_pending' | 'refund_failure'
}

const declined = (declineCode: string, message = 'Your card was declined.'): Decline => ({
  code: 'card_declined',
  declineCode,
  message,
})

const visa = (last4: string, rest: Partial<TestCard> = {}): TestCard => ({
  brand: 'visa',
  last4,
  country: 'US',
  ...rest,
})

const cards = {
  visa: visa('4242'),
  visa_debit: visa('5556'),
  mastercard: { brand: 'mastercard', last4: '4444', country: 'US' },
  amex: { brand: 'amex', last4: '8431', country: 'US' },
  discover: { brand: 'discover', last4: '9424', country: 'US' },
  gb: visa('0000', { country: 'GB' }),
  fr: visa('0003', { country: 'FR' }),
  generic_decline: visa('0002', { decline: declined('generic_decline') }),
  insufficient_funds: visa('9995', {
    decline: declined('insufficient_funds', 'Your card has insufficient funds.'),
  }),
  lost_card: visa('9987', { decline: declined('lost_card') }),
  stolen_card: visa('9979', { decline: declined('stolen_card') }),
  expired_card: visa('0069', {
    decline: { code: 'expired_card', declineCode: 'expired_card', message: 'Your card has expired.' },
  }),
  incorrect_cvc: visa('0127', {
    decline: {
      code: 'incorrect_cvc',
      declineCode: 'incorrect_cvc',
      message: "Your card's security code is incorrect.",
    },
  }),
  processing_error: visa('0119', {
    decline: {
      code: 'processing_error',
      declineCode: 'processing_error',
      message: 'An error occurred while processing your card. Try again in a little bit.',
    },
  }),
  authentication_unless_set_up: visa('3155', { authentication: true }),
  authentication_always: visa('3184', { authentication: true }),
  three_d_secure_2: visa('3220', { authentication: true }),
  authenticated_then_declined: visa('1629', { authentication: true, decline: declined('generic_decline') }),
  dispute: visa('0259', { afterwards: 'dispute' }),
  refund_pending: visa('7726', { afterwards: 'refund_pending' }),
  refund_failure: visa('5126', { afterwards: 'refund_failure' }),
  live_card: visa('0000', {
    decline: declined(
      'test_mode_live_card',
      'Your card was declined. Your request was in test mode, but used a non test (live) card.',
    ),
  }),
} as const satisfies Record<string, TestCard>

export type CardName = keyof typeof cards

const numbers: Record<string, CardName> = {
  '4242424242424242': 'visa',
  '4000056655665556': 'visa_debit',
  '5555555555554444': 'mastercard',
  '378282246310005': 'amex',
  '6011111111111117': 'discover',
  '4000008260000000': 'gb',
  '4000002500000003': 'fr',
  '4000000000000002': 'generic_decline',
  '4000000000009995': 'insufficient_funds',
  '4000000000009987': 'lost_card',
  '4000000000009979': 'stolen_card',
  '4000000000000069': 'expired_card',
  '4000000000000127': 'incorrect_cvc',
  '4000000000000119': 'processing_error',
  '4000002500003155': 'authentication_unless_set_up',
  '4000002760003184': 'authentication_always',
  '4000000000003220': 'three_d_secure_2',
  '4000008400001629': 'authenticated_then_declined',
  '4000000000000259': 'dispute',
  '4000000000007726': 'refund_pending',
  '4000000000005126': 'refund_failure',
}

const tokens: Record<string, CardName> = {
  pm_card_visa: 'visa',
  pm_card_visa_debit: 'visa_debit',
  pm_card_mastercard: 'mastercard',
  pm_card_amex: 'amex',
  pm_card_discover: 'discover',
  pm_card_gb: 'gb',
  pm_card_fr: 'fr',
  pm_card_visa_chargeDeclined: 'generic_decline',
  pm_card_chargeDeclined: 'generic_decline',
  pm_card_visa_chargeDeclinedInsufficientFunds: 'insufficient_funds',
  pm_card_chargeDeclinedInsufficientFunds: 'insufficient_funds',
  pm_card_visa_chargeDeclinedLostCard: 'lost_card',
  pm_card_visa_chargeDeclinedStolenCard: 'stolen_card',
  pm_card_chargeDeclinedExpiredCard: 'expired_card',
  pm_card_chargeDeclinedIncorrectCvc: 'incorrect_cvc',
  pm_card_chargeDeclinedProcessingError: 'processing_error',
  pm_card_authenticationRequiredOnSetup: 'authentication_unless_set_up',
  pm_card_authenticationRequired: 'authentication_always',
  pm_card_threeDSecure2Required: 'three_d_secure_2',
  pm_card_authenticationRequiredChargeDeclinedInsufficientFunds: 'authenticated_then_declined',
  pm_card_threeDSecureRequiredChargeDeclined: 'authenticated_then_declined',
  pm_card_createDispute: 'dispute',
  pm_card_pendingRefund: 'refund_pending',
  pm_card_refundFail: 'refund_failure',
}

export const cardNamed = (name: string): TestCard => (isCardName(name) ? cards[name] : cards.visa)

const isCardName = (name: string): name is CardName => Object.hasOwn(cards, name)

export const cardOfToken = (token: string): CardName | undefined =>
  Object.hasOwn(tokens, token) ? tokens[token] : undefined

export const cardOfNumber = (number: string): CardName | undefined => {
  if (Object.hasOwn(numbers, number)) return numbers[number]
  return passesLuhn(number) ? 'live_card' : undefined
}

const passesLuhn = (number: string): boolean => {
  if (!/^\d{12,19}$/.test(number)) return false
  const digits = Array.from(number, Number).toReversed()
  const sum = digits.reduce((total, digit, at) => {
    const doubled = at % 2 === 1 ? digit * 2 : digit
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return sum % 10 === 0
}

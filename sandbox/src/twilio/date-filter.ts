import { TwilioError } from './twilio-error.ts'

const dayMs = 24 * 3600 * 1000

// A date means its whole day in UTC; a time means that instant.
const rangeOf = (text: string): { start: number; end: number } => {
  const start = Date.parse(text)
  if (Number.isNaN(start)) throw new TwilioError(400, 20001, `Invalid DateSent: ${text.slice(0, 40)}`)
  return { start, end: /^\d{4}-\d{2}-\d{2}$/.test(text) ? start + dayMs : start + 1000 }
}

// `DateSent=…`, `DateSent>=…` and `DateSent<=…`: the comparison is part of the parameter's name.
export const dateFilter = (query: URLSearchParams): { since?: number; until?: number } => {
  const on = query.get('DateSent')
  const [from, to] = [query.get('DateSent>'), query.get('DateSent<')]
  const since = on ?? from
  const until = on ?? to
  return {
    ...(since !== null && { since: rangeOf(since).start }),
    ...(until !== null && { until: rangeOf(until).end }),
  }
}

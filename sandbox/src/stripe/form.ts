import { StripeError } from './stripe-error.ts'

export type FormValue = string | FormValue[] | Form
export type Form = { [key: string]: FormValue }

const depthMax = 6

const pathOf = (key: string): string[] => {
  const [head = '', ...rest] = key.split('[')
  return [head, ...rest.map((part) => part.replace(/\]$/, ''))]
}

const put = (into: Form, [head = '', ...rest]: string[], value: string): void => {
  const [next] = rest
  if (next === undefined) {
    into[head] = value
    return
  }
  if (next === '' || /^\d+$/.test(next)) {
    const list = Array.isArray(into[head]) ? into[head] : []
    into[head] = list
    if (rest.length === 1) list.push(value)
    else putIntoList(list, rest, value)
    return
  }
  const child = into[head]
  const inner: Form = typeof child === 'object' && !Array.isArray(child) ? child : Object.create(null)
  into[head] = inner
  put(inner, rest, value)
}

const putIntoList = (list: FormValue[], [at = '', ...rest]: string[], value: string): void => {
  const wanted = at === '' ? list.length : Math.min(Number(at), list.length)
  const found = list[wanted]
  const inner: Form = typeof found === 'object' && !Array.isArray(found) ? found : Object.create(null)
  if (found === undefined) list.push(inner)
  put(inner, rest, value)
}

// `a[b][]=c&metadata[k]=v`, as Stripe's clients write bodies and queries.
export const parseForm = (text: string): Form => {
  const form: Form = Object.create(null)
  for (const [key, value] of new URLSearchParams(text)) {
    const path = pathOf(key)
    if (path.length > depthMax)
      throw new StripeError({ message: `Invalid parameter nesting: ${path[0]}`, param: key })
    put(form, path, value)
  }
  return form
}

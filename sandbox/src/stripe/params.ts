import type { Form, FormValue } from './form.ts'
import { missing, StripeError } from './stripe-error.ts'

export const optionalText = (form: Form, name: string): string | undefined => {
  const value = form[name]
  if (value === undefined) return undefined
  if (typeof value !== 'string') throw new StripeError({ param: name, message: `Invalid string: ${name}` })
  return value
}

export const text = (form: Form, name: string): string => {
  const value = optionalText(form, name)
  if (value === undefined) throw missing(name)
  if (value === '')
    throw new StripeError({
      code: 'parameter_invalid_empty',
      param: name,
      message: `You passed an empty string for '${name}'. We assume empty values are an attempt to unset a parameter; however '${name}' cannot be unset.`,
    })
  return value
}

export const optionalInteger = (form: Form, name: string): number | undefined => {
  const value = optionalText(form, name)
  if (value === undefined) return undefined
  if (!/^-?\d{1,15}$/.test(value))
    throw new StripeError({
      code: 'parameter_invalid_integer',
      param: name,
      message: `Invalid integer: ${value}`,
    })
  return Number(value)
}

export const optionalBoolean = (form: Form, name: string): boolean | undefined => {
  const value = optionalText(form, name)
  if (value === undefined) return undefined
  if (value !== 'true' && value !== 'false')
    throw new StripeError({ param: name, message: `Invalid boolean: ${value}` })
  return value === 'true'
}

export const optionalChoice = <Choice extends string>(
  form: Form,
  name: string,
  choices: readonly Choice[],
): Choice | undefined => {
  const value = optionalText(form, name)
  if (value === undefined) return undefined
  const chosen = choices.find((choice) => choice === value)
  if (chosen === undefined)
    throw new StripeError({ param: name, message: `Invalid ${name}: must be one of ${choices.join(', ')}` })
  return chosen
}

export const group = (form: Form, name: string): Form | undefined => {
  const value = form[name]
  return value === undefined || typeof value === 'string' || Array.isArray(value) ? undefined : value
}

export const texts = (form: Form, name: string): string[] => {
  const value: FormValue | undefined = form[name]
  if (value === undefined || value === '') return []
  const list = Array.isArray(value) ? value : [value]
  return list.filter((item) => typeof item === 'string')
}

// Merged as Stripe does: an empty value removes its key, an empty metadata removes all.
export const mergeMetadata = (current: Record<string, string>, form: Form): Record<string, string> => {
  if (form['metadata'] === '') return {}
  const merged = new Map(Object.entries(current))
  for (const [key, value] of Object.entries(group(form, 'metadata') ?? {})) {
    if (typeof value !== 'string' || key.length > 40 || value.length > 500)
      throw new StripeError({ param: `metadata[${key}]`, message: `Invalid metadata value for ${key}.` })
    if (value === '') merged.delete(key)
    else merged.set(key, value)
  }
  if (merged.size > 50)
    throw new StripeError({ param: 'metadata', message: 'Metadata can have at most 50 keys.' })
  return Object.fromEntries(merged)
}

export const refuseUnknown = (form: Form, known: readonly string[]): void => {
  const unknown = Object.keys(form).find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw new StripeError({
      code: 'parameter_unknown',
      param: unknown,
      message: `Received unknown parameter: ${unknown}`,
    })
}

/** What a live setting is: a value that an operator may change while everything runs. */
import type { z } from 'zod'

export interface SettingDeclaration<S extends z.ZodType = z.ZodType> {
  /** Must not transform: a value may be parsed on more than one hop. */
  readonly schema: S
  /** What holds where nobody has set anything. */
  readonly default: z.output<S>
  /** What a number counts. */
  readonly unit?: string
  /** One sentence for operators. */
  readonly description: string
}

/** Settings by name. A name is a key of the bucket: words joined by dots. */
export type SettingDeclarations = Readonly<Record<string, SettingDeclaration>>

export type ValueOf<D extends SettingDeclarations, K extends keyof D> = z.output<D[K]['schema']>
export type ValuesOf<D extends SettingDeclarations> = { readonly [K in keyof D]: ValueOf<D, K> }

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  /** What was expected instead, as words for an operator; never the value itself. */
  | { readonly ok: false; readonly expected: string }

/** Keeps the inference of one declaration. */
export const setting = <S extends z.ZodType>(declaration: SettingDeclaration<S>): SettingDeclaration<S> =>
  declaration

/** Reads the JSON text of a value as the bucket holds it. */
export const checkSetting = <S extends z.ZodType>(
  { schema }: SettingDeclaration<S>,
  json: string,
): Checked<z.output<S>> => {
  const given = parse(json)
  // Of what is not even JSON the schema tells best what should have stood there.
  const { success, data, error } = schema.safeParse(given.ok ? given.value : json)
  if (success) return given.ok ? { ok: true, value: data } : { ok: false, expected: 'Expected JSON' }
  const faults = error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  )
  return { ok: false, expected: faults.join('; ') }
}

const parse = (json: string): { ok: true; value: unknown } | { ok: false } => {
  try {
    return { ok: true, value: JSON.parse(json) }
  } catch {
    return { ok: false }
  }
}

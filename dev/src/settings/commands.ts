// What each command does. Each answers why it was refused; undefined when it was done.
import { checkSetting, type SettingDeclaration, type SettingDeclarations } from '@comptoir/contracts/setting'
import { settings } from '@comptoir/contracts/settings'
import type { SettingsBucket, StoredSetting } from '@comptoir/nats/settings'

type Say = (line: string) => void
type Refusal = string | undefined
type Change = { name: string; value: string; revision: number | undefined }

const declared: SettingDeclarations = settings

export async function listSettings(bucket: SettingsBucket, say: Say): Promise<Refusal> {
  const rows = await Promise.all(
    Object.entries(declared).map(async ([name, declaration]) => {
      const { value, origin } = inForce(declaration, await bucket.read(name))
      const unit = declaration.unit === undefined ? '' : ` (${declaration.unit})`
      return [name, `${value}${unit}`, origin, declaration.description] as const
    }),
  )
  const widthOf = (column: 0 | 1 | 2) => Math.max(...rows.map((row) => row[column].length))
  const [names, values, origins] = [widthOf(0), widthOf(1), widthOf(2)]
  for (const [name, value, origin, description] of rows)
    say(`${name.padEnd(names)}  ${value.padEnd(values)}  ${origin.padEnd(origins)}  ${description}`)
  return undefined
}

export async function getSetting(bucket: SettingsBucket, name: string, say: Say): Promise<Refusal> {
  const declaration = find(name)
  if (declaration === undefined) return unknown(name)
  say(inForce(declaration, await bucket.read(name)).value)
  return undefined
}

export async function setSetting(
  bucket: SettingsBucket,
  { name, value: json, revision }: Change,
  say: Say,
): Promise<Refusal> {
  const declaration = find(name)
  if (declaration === undefined) return unknown(name)
  const checked = checkSetting(declaration, json)
  if (!checked.ok) return `${name} was not set. ${checked.expected}`
  return write(bucket, { name, json: JSON.stringify(checked.value), revision }, say)
}

export async function unsetSetting(
  bucket: SettingsBucket,
  { name, revision }: Omit<Change, 'value'>,
  say: Say,
): Promise<Refusal> {
  if (find(name) === undefined) return unknown(name)
  return write(bucket, { name, json: undefined, revision }, say)
}

/** Goes on until the process is ended. */
export async function watchSettings(bucket: SettingsBucket, say: Say): Promise<Refusal> {
  for await (const { name, at, ...stored } of bucket.changes()) {
    const declaration = find(name)
    if (declaration === undefined) continue
    const { value, origin } = inForce(declaration, stored)
    say(`${at.toISOString()}  ${name}  ${value}  ${origin}`)
  }
  return undefined
}

async function write(
  bucket: SettingsBucket,
  { name, json, revision }: { name: string; json: string | undefined; revision: number | undefined },
  say: Say,
): Promise<Refusal> {
  const before = await bucket.read(name)
  const written = await bucket.write(name, json, revision ?? before.revision)
  if (!written) return `${name} was not set. Somebody else has changed it; read it again.`
  say(`${name} is ${json ?? 'back at its default'}; it was ${before.json ?? 'not set'}`)
  return undefined
}

/** The value that the processes go by, and why. The environment of a process may replace its default. */
function inForce(
  declaration: SettingDeclaration,
  { json, revision }: StoredSetting,
): { value: string; origin: string } {
  const fallback = JSON.stringify(declaration.default)
  if (json === undefined) return { value: fallback, origin: 'default' }
  const checked = checkSetting(declaration, json)
  if (checked.ok) return { value: JSON.stringify(checked.value), origin: `set, revision ${revision}` }
  return { value: fallback, origin: `default, since revision ${revision} is refused: ${checked.expected}` }
}

const find = (name: string): SettingDeclaration | undefined =>
  Object.hasOwn(declared, name) ? declared[name] : undefined

const unknown = (name: string): string =>
  `There is no setting ${name}. The names are ${Object.keys(declared).join(', ')}.`

/** The operator's hand on dead letters: list, show, redrive and discard them in a service's database. */
import { parseArgs } from 'node:util'
import type { DatabaseHandle } from '../database.ts'
import { resolveSecrets } from '../resolve-secrets.ts'
import { openDatabase } from '../storage/open-database.ts'
import {
  countWaiting,
  discardDeadLetter,
  discardWaiting,
  listDeadLetters,
  noHandler,
  requestRedrive,
  showDeadLetter,
} from './dead-letters.ts'

const usage = `Usage (DATABASE_URL names the server):
  bun run dead-letters list    --service orders [--limit 100]
  bun run dead-letters show    --service orders <id>
  bun run dead-letters redrive --service orders <id>… | --all
  bun run dead-letters discard --service orders <id>… --reason <text>
  bun run dead-letters discard --service orders --subject <subject> --reason <text>   (those without a handler)`

const options = {
  service: { type: 'string' },
  limit: { type: 'string', default: '100' },
  reason: { type: 'string' },
  subject: { type: 'string' },
  all: { type: 'boolean', default: false },
} as const

interface Order {
  readonly handle: DatabaseHandle
  readonly ids: readonly string[]
  readonly limit: number
  readonly reason: string | undefined
  readonly subject: string | undefined
  readonly all: boolean
}

/** Does one command; false when something it names was not there. */
type Command = (order: Order) => Promise<boolean>

const list: Command = async ({ handle, limit }) => {
  for (const letter of await listDeadLetters(handle.db, limit)) {
    const { id, consumer, subject, reason, error, deliveries, redrives, note, createdAt } = letter
    console.log(
      `${id}  ${createdAt.toISOString()}  ${consumer}  ${subject}  ${reason} (${deliveries}+${redrives})  ${error}${note === null ? '' : `  ${note}`}`,
    )
  }
  return true
}

const show: Command = async ({ handle, ids: [id = ''] }) => {
  const letter = await showDeadLetter(handle.db, id)
  if (letter !== undefined)
    console.log(JSON.stringify({ ...letter, payload: textOf(letter.payload) }, null, 2))
  return letter !== undefined
}

const redrive: Command = async ({ handle, ids, all, limit }) => {
  if (!all) return forEach(ids, (id) => requestRedrive(handle.db, id))
  const open = await listDeadLetters(handle.db, limit)
  const left = await countWaiting(handle.db)
  if (left > 0) console.log(`${left} left out, which wait for a program that has a handler of them`)
  const chosen = open.filter(({ consumer }) => consumer !== noHandler).map(({ id }) => id)
  return forEach(chosen, (id) => requestRedrive(handle.db, id))
}

const discard: Command = async ({ handle, ids, reason, subject }) => {
  if (reason === undefined) throw new Error('Discarding needs a --reason')
  if (subject !== undefined) {
    if (ids.length > 0) throw new Error('Either ids or a --subject')
    const given = await discardWaiting(handle.db, subject, reason)
    console.log(`${given} done`)
    return given > 0
  }
  return forEach(ids, (id) => discardDeadLetter(handle.db, id, reason))
}

const forEach = async (ids: readonly string[], work: (id: string) => Promise<boolean>): Promise<boolean> => {
  let all = ids.length > 0
  for (const id of ids) {
    const done = await work(id)
    console.log(`${id}  ${done ? 'done' : 'not there, resolved already, or without a handler'}`)
    all &&= done
  }
  return all
}

const textOf = (payload: Uint8Array): string => new TextDecoder().decode(payload)

const commands: ReadonlyMap<string, Command> = new Map(Object.entries({ list, show, redrive, discard }))

const main = async (argv: string[], serverUrl: string | undefined): Promise<number> => {
  const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true })
  const [name = '', ...ids] = positionals
  const command = commands.get(name)
  if (command === undefined || values.service === undefined || serverUrl === undefined) {
    console.error(usage)
    return 2
  }
  const handle = await openDatabase({ url: serverUrl, service: values.service, poolMax: 1, mustExist: true })
  try {
    const { limit, reason, subject, all } = values
    return (await command({ handle, ids, limit: Number(limit), reason, subject, all })) ? 0 : 1
  } finally {
    await handle.close()
  }
}

const { DATABASE_URL: serverUrl } = await resolveSecrets(['DATABASE_URL'], process.env)
process.exitCode = await main(process.argv.slice(2), serverUrl)

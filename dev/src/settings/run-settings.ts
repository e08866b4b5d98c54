import { parseArgs } from 'node:util'
import { openSettings, type SettingsBucket } from '@comptoir/nats/settings'
import { readDevConfig } from '../dev-config.ts'
import { runningNats } from '../process-record.ts'
import { getSetting, listSettings, setSetting, unsetSetting, watchSettings } from './commands.ts'

const usage = `Usage: bun run settings <command>
  list                          every setting: its value, where that comes from, and what it is
  get <name>                    the value as JSON
  set <name> <value>            a value as JSON, such as 45, true or '{"quota":600,"windowSeconds":60}'
  unset <name>                  back to the default
  watch                         every change from now on
  --revision <n>                set and unset only if nobody has changed it since that revision
NATS_URL names the server; without it, that of the stack which runs on COMPTOIR_DATA.`

const options = { revision: { type: 'string' } } as const

type Given = { name: string; value: string; revision: number | undefined }
type Command = { words: number; run(bucket: SettingsBucket, given: Given): Promise<string | undefined> }

const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['list', { words: 0, run: (bucket) => listSettings(bucket, console.log) }],
  ['get', { words: 1, run: (bucket, { name }) => getSetting(bucket, name, console.log) }],
  ['set', { words: 2, run: (bucket, given) => setSetting(bucket, given, console.log) }],
  ['unset', { words: 1, run: (bucket, given) => unsetSetting(bucket, given, console.log) }],
  ['watch', { words: 0, run: (bucket) => watchSettings(bucket, console.log) }],
])

/** Does one command. 0: done; 1: refused, or it failed; 2: it was called wrongly. */
export async function runSettings(
  args: string[],
  environment: Record<string, string | undefined>,
): Promise<number> {
  const understood = understand(args)
  if (understood === undefined) {
    console.error(usage)
    return 2
  }
  try {
    const bucket = await findBucket(environment)
    try {
      const refusal = await understood.command.run(bucket, understood.given)
      if (refusal !== undefined) console.error(refusal)
      return refusal === undefined ? 0 : 1
    } finally {
      await bucket.close()
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    return 1
  }
}

function understand(args: string[]): { command: Command; given: Given } | undefined {
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
    const [word = '', ...rest] = positionals
    const command = commands.get(word)
    const [name = '', value = ''] = rest
    const revision = values.revision === undefined ? undefined : Number(values.revision)
    if (revision !== undefined && (!Number.isInteger(revision) || revision < 0)) return undefined
    return command?.words === rest.length ? { command, given: { name, value, revision } } : undefined
  } catch {
    return undefined
  }
}

async function findBucket(environment: Record<string, string | undefined>): Promise<SettingsBucket> {
  const { NATS_URL, COMPTOIR_DATA } = readDevConfig(environment)
  const url = NATS_URL ?? runningNats(COMPTOIR_DATA)
  if (url === undefined)
    throw new Error(`No stack runs on ${COMPTOIR_DATA}. Start one with bun run dev, or set NATS_URL.`)
  // The address may hold a password.
  const { host } = new URL(url)
  return openSettings(url).catch((cause: unknown) => {
    throw new Error(`The live settings cannot be opened: NATS at ${host} does not answer.`, { cause })
  })
}

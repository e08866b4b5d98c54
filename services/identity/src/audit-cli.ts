/** The operator's check of the audit log. */
import { parseArgs } from 'node:util'
import { onDatabaseOf } from '@comptoir/service-kit/operator-database'
import { type Mark, verifyAuditLog } from './verify-audit-log.ts'

const usage = `Usage (DATABASE_URL names the server):
  bun run audit verify [--expect <sequence>:<hash>]

Checks the whole audit log and prints its head. Keep that somewhere else, and give it with --expect the next time: then
it also tells whether the end of the log was cut off or all of it was written anew.`

/** Reads what was printed before; undefined where it is nothing of the kind. */
const markOf = (text: string): Mark | undefined => {
  const [, sequence, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? []
  return sequence === undefined || hash === undefined ? undefined : { sequence: Number(sequence), hash }
}

const verify = async (expected: Mark | undefined): Promise<number> => {
  const { head, fault } = await onDatabaseOf('identity', process.env, ({ db }) =>
    verifyAuditLog(db, expected),
  )
  if (fault !== undefined) {
    console.error(`Entry ${fault.sequence} ${fault.reason}`)
    return 1
  }
  console.log(head.sequence === 0 ? 'The audit log is empty' : `${head.sequence}:${head.hash}`)
  return 0
}

const main = async (argv: string[]): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: argv,
    options: { expect: { type: 'string' } },
    allowPositionals: true,
  })
  const expected = values.expect === undefined ? undefined : markOf(values.expect)
  const understood =
    positionals.join(' ') === 'verify' && (values.expect === undefined || expected !== undefined)
  if (understood) return verify(expected)
  console.error(usage)
  return 2
}

process.exitCode = await main(process.argv.slice(2))

import { startNats } from '../nats.ts'
import { startPostgres } from '../postgres.ts'

// A supervisor that is killed: starts one server, says its pid and leaves it running.
const [kind, dataDir = ''] = process.argv.slice(2)
const server =
  kind === 'nats' ? await startNats({ dataDir }) : await startPostgres({ dataDir, durable: false })
console.log(server.pid)
process.kill(process.pid, 'SIGKILL')

import { readConfig } from './config.ts'
import { startSandbox } from './start-sandbox.ts'

const sandbox = startSandbox(readConfig(process.env))
console.log(JSON.stringify({ msg: 'listening', url: sandbox.url }))

const stop = async (): Promise<void> => {
  await sandbox.stop()
  process.exit(0)
}
process.once('SIGTERM', () => void stop())
process.once('SIGINT', () => void stop())

import { loadConfig } from '@comptoir/service-kit/load-config'
import { Config } from './config.ts'
import { startSandbox } from './start-sandbox.ts'

const main = async (): Promise<void> => {
  const sandbox = startSandbox(await loadConfig(Config, process.env))
  console.log(JSON.stringify({ msg: 'listening', url: sandbox.url }))
  const stop = async (): Promise<void> => {
    await sandbox.stop()
    process.exit(0)
  }
  process.once('SIGTERM', () => void stop())
  process.once('SIGINT', () => void stop())
}
void main()

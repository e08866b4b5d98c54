import { loadConfig } from '@comptoir/service-kit/load-config'
import { createLogger } from '@comptoir/service-kit/logger'
import { runProcess } from '@comptoir/service-kit/run'
import { Config } from './config.ts'
import { startGateway } from './start.ts'

const main = async (): Promise<void> => {
  const config = await loadConfig(Config, process.env)
  await runProcess(createLogger('gateway', config.LOG_LEVEL), () => startGateway(config))
}
void main()

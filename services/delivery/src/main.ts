import { loadConfig } from '@comptoir/service-kit/load-config'
import { run } from '@comptoir/service-kit/run'
import { app } from './app.ts'
import { Config } from './config.ts'

const config = await loadConfig(Config, process.env)
await run(app(config), config)

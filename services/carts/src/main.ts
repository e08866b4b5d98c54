import { readConfig } from '@comptoir/service-kit/config'
import { run } from '@comptoir/service-kit/run'
import { app } from './app.ts'
import { Config } from './config.ts'

const config = readConfig(Config, process.env)
await run(app(config), config)

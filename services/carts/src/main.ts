import { run } from '@comptoir/service-kit/run'
import { app } from './app.ts'
import { Config } from './config.ts'

run(app, Config, process.env)

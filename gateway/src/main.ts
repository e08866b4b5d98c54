import { readConfig } from '@comptoir/service-kit/config'
import { untilSignal } from '@comptoir/service-kit/run'
import { flushTelemetry } from '@comptoir/service-kit/telemetry'
import { Config } from './config.ts'
import { startGateway } from './start.ts'

const gateway = await startGateway(readConfig(Config, process.env))
await untilSignal()
await gateway.stop()
await flushTelemetry()
process.exit(0)

// The operator's hand on live settings: bun run settings list|get|set|unset|watch
import { runSettings } from './run-settings.ts'

process.exitCode = await runSettings(process.argv.slice(2), process.env)

import { installDependencies } from './install.ts'

await installDependencies()
const { up } = await import('./up.ts')
await up(process.argv.slice(2))

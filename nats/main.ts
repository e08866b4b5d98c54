import { prepareServer } from './instances.ts'

// The deploy job: provisions the server of NATS_URL with NATS_REPLICAS copies and says what it did.
const servers = process.env['NATS_URL']
const replicas = Number(process.env['NATS_REPLICAS'] ?? 1)
if (!servers) throw new Error('NATS_URL is missing, for example NATS_URL=nats://127.0.0.1:4222')
if (![1, 3, 5].includes(replicas)) throw new Error('NATS_REPLICAS is 1, 3 or 5.')

const { created, changed } = await prepareServer(servers, { replicas })
for (const name of created) console.log(`created ${name}`)
for (const name of changed) console.log(`changed ${name}`)
console.log(`${created.length} created, ${changed.length} changed`)

import { parseArgs } from 'node:util'
import { type Scale, type ServiceName, serviceNames } from './process-list.ts'

/** A laptop's PostgreSQL has connections for this many and no more. */
const instancesMax = 8

const usage = `Usage: bun run dev [--scale catalog=3]…
  --scale <service>=<instances>   run several instances of a service, 1 to ${instancesMax}; may be repeated, or joined by commas
The services are ${serviceNames.join(', ')}.`

const options = { scale: { type: 'string', multiple: true } } as const

/** How many instances of which service the command line asks for. Throws with the usage where it makes no sense. */
export function readScale(args: string[]): Scale {
  const wishes = parse(args).flatMap((wish) => wish.split(','))
  const scale: Partial<Record<ServiceName, number>> = {}
  for (const wish of wishes) {
    const [, name, count] = /^([^=]*)=(.*)$/.exec(wish) ?? []
    const service = serviceNames.find((known) => known === name)
    if (service === undefined) throw refuse(`“${wish}” names no service that can be scaled`)
    if (scale[service] !== undefined) throw refuse(`${service} is scaled twice`)
    const instances = /^\d{1,3}$/.test(count ?? '') ? Number(count) : 0
    if (instances < 1 || instances > instancesMax)
      throw refuse(`“${wish}” is not a number from 1 to ${instancesMax}`)
    scale[service] = instances
  }
  return scale
}

function parse(args: string[]): string[] {
  try {
    return parseArgs({ args, options }).values.scale ?? []
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error))
  }
}

const refuse = (why: string): Error => new Error(`${why}.\n${usage}`)

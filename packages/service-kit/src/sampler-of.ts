/** Which traces are recorded, as OpenTelemetry’s environment variables say it (SDK configuration, General). */
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  type Sampler,
} from '@opentelemetry/sdk-trace'

export interface Sampling {
  /** `OTEL_TRACES_SAMPLER` */
  readonly sampler?: string | undefined
  /** `OTEL_TRACES_SAMPLER_ARG` */
  readonly argument?: string | undefined
}

const roots = new Map<string, (ratio: () => number) => Sampler>([
  ['always_on', () => new AlwaysOnSampler()],
  ['always_off', () => new AlwaysOffSampler()],
  ['traceidratio', (ratio) => new TraceIdRatioBasedSampler(ratio())],
])
const parentBased = 'parentbased_'

/**
 * The sampler of that name: `parentbased_always_on` without one. What is not known, or no ratio from 0 to 1, is warned of
 * and taken as if it were not there, as the specification has it.
 */
export const samplerOf = ({ sampler, argument }: Sampling, warn: (message: string) => void): Sampler => {
  const name = (sampler ?? 'parentbased_always_on').toLowerCase()
  const isParentBased = name.startsWith(parentBased)
  const make = roots.get(isParentBased ? name.slice(parentBased.length) : name)
  if (make === undefined) {
    warn(`OTEL_TRACES_SAMPLER is none of ${known.join(', ')}: all traces are recorded.`)
    return samplerOf({}, warn)
  }
  const root = make(() => ratioOf(argument, warn))
  return isParentBased ? new ParentBasedSampler({ root }) : root
}

const known = [...roots.keys()].flatMap((name) => [name, parentBased + name])

const ratioOf = (argument: string | undefined, warn: (message: string) => void): number => {
  const ratio = Number(argument ?? 1)
  if (ratio >= 0 && ratio <= 1) return ratio
  warn('OTEL_TRACES_SAMPLER_ARG is no ratio from 0 to 1: all traces are recorded.')
  return 1
}

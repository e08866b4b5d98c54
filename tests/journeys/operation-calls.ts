// A call of any operation with an input that no contract takes: whoever is let in is told so, and nothing happens.
import { services } from '@comptoir/contracts/app'
import type { ProcedureContract } from '@comptoir/contracts/contract'
import { ask, type Answer } from './ask.ts'

export interface ContractedOperation {
  /** `<service>.<procedure>` */
  readonly path: string
  readonly service: string
  readonly declaration: ProcedureContract
}

/** Every procedure of every contract, the internal ones too. */
export const operations: readonly ContractedOperation[] = Object.entries(services).flatMap(
  ([service, contract]) =>
    Object.entries<ProcedureContract>(contract).map(([name, declaration]) => ({
      path: `${service}.${name}`,
      service,
      declaration,
    })),
)

const badInput = { 'no such field': 1 }

export const overTrpc = (
  base: string,
  { path, declaration }: ContractedOperation,
  token: string | undefined,
): Promise<Answer> => {
  const url = `${base}/trpc/${path}`
  const isWrite = declaration.kind === 'mutation'
  const input = encodeURIComponent(JSON.stringify(badInput))
  return ask(isWrite ? url : `${url}?input=${input}`, { token, ...(isWrite ? { body: badInput } : {}) })
}

export const overRest = (
  base: string,
  { declaration: { http } }: ContractedOperation,
  token: string | undefined,
): Promise<Answer> => {
  const path = http?.path.replaceAll(/\{\w+\}/g, '01900000-0000-7000-8000-000000000000')
  const takesBody = http?.method !== 'GET' && http?.method !== 'DELETE'
  return ask(`${base}${path}${takesBody ? '' : '?no%20such%20field=1'}`, {
    method: http?.method ?? 'GET',
    token,
    ...(takesBody ? { body: badInput } : {}),
  })
}

/** On tRPC a stream that is refused begins all the same, because an EventSource could not read another answer. */
export const codeOf = ({ body, text }: Answer): unknown => {
  const refusal = /^event: serialized-error\ndata: (.*)$/m.exec(text)?.[1]
  const told = (refusal === undefined ? body : { error: JSON.parse(refusal) as unknown }) as
    | { code?: unknown; error?: { data?: { code?: unknown } } }
    | undefined
  return told?.error?.data?.code ?? told?.code
}

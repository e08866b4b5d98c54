/** Keeps a test file honest: every error that a contract declares has to be provoked once. */
import { expect } from 'bun:test'
import type { Contract } from '@comptoir/contracts/contract'
import { ServiceError } from '@comptoir/contracts/errors'

export interface Refusals {
  /** Expects a call to be refused with a code, and answers the error. */
  expectRefusal(call: Promise<unknown>, name: string, code: string): Promise<ServiceError>
  /** The declared errors that were not seen yet, as `procedure: CODE`. */
  unseen(): string[]
}

/** Notes which declared errors a test file has seen, so that it can prove at its end that none is missing. */
export const refusals = (contract: Contract): Refusals => {
  const seen = new Set<string>()
  const declared = Object.entries(contract).flatMap(([name, { errors }]) =>
    Object.keys(errors ?? {}).map((code) => `${name}: ${code}`),
  )
  return {
    expectRefusal: async (call, name, code) => {
      const error = await call.then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      expect(error).toBeInstanceOf(ServiceError)
      if (!(error instanceof ServiceError)) throw new Error('unreachable')
      expect(error.code).toBe(code)
      seen.add(`${name}: ${code}`)
      return error
    },
    unseen: () => declared.filter((refusal) => !seen.has(refusal)),
  }
}

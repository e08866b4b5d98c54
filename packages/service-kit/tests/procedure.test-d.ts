// Checked by the compiler alone: every line marked as an error must be one.
import { mutation, query } from '@comptoir/contracts/contract'
import { z } from 'zod'
import type { ServiceContext } from '../src/context.ts'
import type { Procedure, Procedures } from '../src/procedure.ts'
import { defineService } from '../src/service.ts'

const contract = {
  readThing: query({
    summary: 'Read',
    access: 'guest',
    input: z.strictObject({ id: z.string() }),
    output: z.object({ name: z.string() }),
    errors: { THING_NOT_FOUND: { status: 404, message: 'No such thing.' } },
  }),
  makeThing: mutation({
    summary: 'Make',
    access: 'guest',
    idempotent: 'required',
    input: z.strictObject({ name: z.string() }),
    output: z.object({ name: z.string() }),
  }),
}

const readThing: Procedure<typeof contract.readThing, ServiceContext> = async ({ ctx, input }) => {
  if (input.id === '') throw ctx.fail('THING_NOT_FOUND')
  // @ts-expect-error the contract does not declare this error
  if (input.id === '?') throw ctx.fail('SOMETHING_ELSE')
  // @ts-expect-error the contract has no such field
  return { name: input.title }
}

const makeThing: Procedure<typeof contract.makeThing, ServiceContext> = ({ ctx, input }) =>
  ctx.transaction((tx) => ctx.answer(tx, { name: input.name }))

// @ts-expect-error an idempotent mutation has to store its answer with its effect
export const forgetful: Procedure<typeof contract.makeThing, ServiceContext> = async ({ input }) => ({
  name: input.name,
})

// @ts-expect-error the output lacks a field
export const incomplete: Procedure<typeof contract.readThing, ServiceContext> = async () => ({})

export const all: Procedures<typeof contract, ServiceContext> = { readThing, makeThing }

export const service = defineService({
  name: 'things',
  contract,
  migrations: '',
  context: (base: ServiceContext) => base,
  // @ts-expect-error a procedure of the contract is missing
  procedures: { readThing },
})

import type { Answer } from '../perform.ts'
import type { Desk } from './desk.ts'
import type { Form } from './form.ts'

export type Call = {
  desk: Desk
  id: string
  form: Form
  publishable: boolean
}

export type Operation = {
  name: string
  method: 'GET' | 'POST'
  path: string
  publishable?: boolean
  run: (call: Call) => Answer
}

export const ok = (body: unknown): Answer => ({ status: 200, body })

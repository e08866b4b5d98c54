/**
 * The pool as the query builder sees it: waits are bounded, statements are prepared, and a transaction's code cannot
 * reach for a second connection, which is how a pool comes to wait for itself.
 */
import type { Sql, TransactionSql } from 'postgres'
import type { Gate } from './gate.ts'
import { currentScope } from '../scope.ts'

/** Statements kept prepared on each connection; further texts are parsed anew each time. */
const statementsMax = 500

/** The pool for single statements. */
export const poolClient = (sql: Sql, gate: Gate): Sql => {
  const prepares = createPreparing()
  return new Proxy(sql, {
    get: (target, name, receiver) => {
      if (name === 'unsafe') return gatedUnsafe(target, gate, prepares)
      if (name === 'begin') return refuseBegin
      return Reflect.get(target, name, receiver)
    },
  })
}

/** The pool for transactions: the gate is passed once, and everything inside stays on that connection. */
export const transactionClient = (sql: Sql, gate: Gate): Sql => {
  const prepares = createPreparing()
  return new Proxy(sql, {
    get: (target, name, receiver) => {
      if (name !== 'begin') return Reflect.get(target, name, receiver)
      return <T>(work: (inner: TransactionSql) => Promise<T>) =>
        gate.run(async () => {
          const state = { over: false }
          try {
            return await target.begin((inner) => work(innerClient(inner, state, prepares)))
          } finally {
            state.over = true
          }
        })
    },
  })
}

type Unsafe = Sql['unsafe']
type Prepares = (text: string, parameters: readonly unknown[] | undefined) => boolean

const createPreparing = (): Prepares => {
  const known = new Set<string>()
  return (text, parameters) => {
    if (parameters === undefined || parameters.length === 0) return false
    if (known.has(text)) return true
    if (known.size >= statementsMax) return false
    known.add(text)
    return true
  }
}

/**
 * A transaction whose connection was lost is over while its code still runs. What that code sends then must not reach
 * the connection again, which may be serving another by now and would run it outside of any transaction.
 */
const innerClient = (inner: TransactionSql, state: { over: boolean }, prepares: Prepares): TransactionSql =>
  new Proxy(inner, {
    get: (target, name, receiver) => {
      if (state.over) throw new Error('The transaction is over')
      if (name !== 'unsafe') return Reflect.get(target, name, receiver)
      const unsafe: Unsafe = (text, parameters, options) =>
        target.unsafe(text, parameters, { ...options, prepare: prepares(text, parameters) })
      return unsafe
    },
  })

/** The builder awaits the query itself or its `values()`; both pass the gate before the query is sent. */
const gatedUnsafe = (target: Sql, gate: Gate, prepares: Prepares) => {
  return (...[text, parameters, options]: Parameters<Unsafe>) => {
    if (currentScope()?.afterCommit !== undefined) {
      throw new Error('The database was used beside the open transaction: pass `tx` to this query')
    }
    const query = () => target.unsafe(text, parameters, { ...options, prepare: prepares(text, parameters) })
    return {
      values: () => gate.run(() => query().values()),
      // oxlint-disable-next-line unicorn/no-thenable -- it stands in for a query, which is thenable
      then: <A, B>(resolve: (rows: unknown) => A, reject: (error: unknown) => B) =>
        gate.run<unknown>(query).then(resolve, reject),
    }
  }
}

const refuseBegin = (): never => {
  throw new Error('Transactions are opened by ctx.transaction')
}

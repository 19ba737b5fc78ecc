import type { paths } from './api.js'

export type Method = 'get' | 'post' | 'patch' | 'delete'

/** The paths that have a method. */
type PathOf<M extends Method> = {
  [Path in keyof paths]: paths[Path] extends Readonly<Record<M, object>> ? Path : never
}[keyof paths]

/** `{ name: Value }`, and `name` may be left out where nothing in the value is required. */
type Field<Name extends string, Value> =
  Partial<Value> extends Value
    ? Readonly<Partial<Record<Name, Value>>>
    : Readonly<Record<Name, Value>>

type Params<Operation> = Operation extends { readonly parameters: infer Value }
  ? Field<'params', Value>
  : unknown

type Body<Operation> = Operation extends {
  readonly requestBody: { readonly content: { readonly 'application/json': infer Value } }
}
  ? { readonly body: Value }
  : { readonly body?: never }

type Init<Operation> = Params<Operation> & Body<Operation> & Omit<RequestInit, 'body' | 'method'>

/** May be left out where nothing in it is required. */
type Rest<Value> = Partial<Value> extends Value ? [init?: Value] : [init: Value]

type Responses<Operation> = Operation extends { readonly responses: infer Value } ? Value : never

/** What is in the answers of an operation: JSON, or nothing. */
type Content<Operation> = {
  [Status in keyof Responses<Operation>]: Responses<Operation>[Status] extends {
    readonly content: { readonly 'application/json': infer Value }
  }
    ? Value
    : undefined
}[keyof Responses<Operation>]

/**
 * One call of the contract: `params` fill the path, `body` is sent as JSON, `signal` gives up.
 * @returns the body of the answer; undefined where it has none.
 * @throws {LatchkeyError}
 */
export type Call<M extends Method> = <Path extends PathOf<M>>(
  path: Path,
  ...init: Rest<Init<paths[Path][M]>>
) => Promise<Content<paths[Path][M]>>

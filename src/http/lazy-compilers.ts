import AjvCompiler from '@fastify/ajv-compiler'
import SerializerSelector from '@fastify/fast-json-stringify-compiler'
import type { FastifySchemaCompiler, FastifySerializerCompiler } from 'fastify'

type Validate = ReturnType<FastifySchemaCompiler<unknown>>
type Serialize = ReturnType<FastifySerializerCompiler<unknown>>

/**
 * Fastify's own compilers of schemas, put off until a schema is first used: of more than a hundred, an
 * instance of a function needs two or three to answer its first event, and most it never needs.
 */
export const lazyCompilers = {
  buildValidator(schemas: unknown, options: unknown) {
    const compile = once(
      () => AjvCompiler()(schemas as never, options as never) as FastifySchemaCompiler<unknown>,
    )
    return ((definition) => {
      const compiled = once(() => compile()(definition))
      const validate: Validate = (data) => {
        const result = compiled()(data) as boolean
        validate.errors = compiled().errors ?? null
        return result
      }
      return validate
    }) as FastifySchemaCompiler<unknown>
  },
  buildSerializer(schemas: unknown, options: unknown) {
    const compile = once(
      () =>
        SerializerSelector()(
          schemas as never,
          options as never,
        ) as FastifySerializerCompiler<unknown>,
    )
    return ((definition) => {
      const compiled = once(() => compile()(definition))
      const serialize: Serialize = (data) => compiled()(data)
      return serialize
    }) as FastifySerializerCompiler<unknown>
  },
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}

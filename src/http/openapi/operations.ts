import type { ApiDocument } from './links.js'

export interface Operation {
  readonly requestBody?: object
  readonly responses: Readonly<Record<string, Response>>
}

export interface Response {
  description: string
  headers?: object
  readonly content?: Readonly<Record<string, { schema: unknown }>>
}

/** All operations of a document. */
export function operationsOf(document: ApiDocument): Operation[] {
  const paths = document.paths as Readonly<Record<string, Readonly<Record<string, Operation>>>>
  return Object.values(paths).flatMap((path) => Object.values(path))
}

/** All answers of all operations, each with its status. */
export const responsesOf = (document: ApiDocument): [status: string, Response][] =>
  operationsOf(document).flatMap(({ responses }) => Object.entries(responses))

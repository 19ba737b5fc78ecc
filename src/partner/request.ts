import { readFile } from 'node:fs/promises'
import { CommandError, EXIT } from './exit.js'

/** What `call` was told of a request, beside its path. */
export interface CallOptions {
  readonly method?: string
  /** JSON, or `@` and the name of a file with it. */
  readonly data?: string
  /** As `Name: value`. */
  readonly header?: readonly string[]
}

/** The request of `call`. @throws {CommandError} for data that is not JSON, or a header that is none. */
export async function requestOf(
  { method, data, header = [] }: CallOptions,
  key: string,
): Promise<RequestInit> {
  const body = data === undefined ? undefined : await readJson(data)
  const headers = new Headers(body === undefined ? {} : { 'content-type': 'application/json' })
  for (const line of header) addHeader(headers, line)
  headers.set('x-api-key', key)
  return {
    method: (method ?? (body === undefined ? 'GET' : 'POST')).toUpperCase(),
    headers,
    ...(body !== undefined && { body }),
  }
}

async function readJson(data: string): Promise<string> {
  const text = data.startsWith('@') ? await readText(data.slice(1)) : data
  try {
    JSON.parse(text)
    return text
  } catch {
    throw new CommandError(EXIT.usage, 'The data must be JSON.')
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new CommandError(EXIT.usage, `${file} cannot be read (${code}).`)
  }
}

function addHeader(headers: Headers, line: string): void {
  const colon = line.indexOf(':')
  const name = line.slice(0, colon).trim()
  if (name.toLowerCase() === 'x-api-key') {
    throw new CommandError(EXIT.usage, 'The key is sent by itself; do not give it as a header.')
  }
  try {
    if (colon < 1) throw new TypeError('no name')
    headers.append(name, line.slice(colon + 1).trim())
  } catch {
    throw new CommandError(EXIT.usage, 'A header must look like "Accept-Language: de".')
  }
}

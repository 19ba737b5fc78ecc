import { mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** One thing that the suite said or heard. Kept in a file for each test process, read by `after.ts`. */
export type Entry =
  | { readonly kind: 'secret'; readonly what: SecretKind; readonly value: string }
  | { readonly kind: 'log'; readonly line: string }
  /** Something that the service did to a table, by `nameOf` of `policy.ts`. */
  | { readonly kind: 'action'; readonly name: string }
  /** A kind of item that it wrote, by `kindOf` of `item-kinds.ts`. */
  | { readonly kind: 'item'; readonly name: string }
  | {
      readonly kind: 'response'
      readonly request: string
      readonly status: number
      readonly headers: string
      readonly body: string
    }

/**
 * `password`, `key`, `hash` and `code` may appear nowhere; `token`, `factor` and `client-secret` only where they are handed out; `email`
 * in no log line and no failure.
 */
export type SecretKind =
  'password' | 'token' | 'email' | 'key' | 'hash' | 'code' | 'factor' | 'client-secret'

const FOLDER = join(import.meta.dirname, '../../.tap/transcript')

export function clearTranscript(): void {
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(FOLDER, { recursive: true })
}

let file: number | undefined

export function record(entry: Entry): void {
  file ??= open()
  writeSync(file, `${JSON.stringify(entry)}\n`)
}

/** Stays open: most test processes write ten thousand lines. */
function open(): number {
  mkdirSync(FOLDER, { recursive: true })
  return openSync(join(FOLDER, `${process.pid}.jsonl`), 'a')
}

/** Remembers a secret. Nonsense that a test sends in place of a token is none. */
export function recordSecret(what: SecretKind, value: unknown): void {
  if (typeof value !== 'string' || value.length < 8) return
  if (what === 'token' && !/^(lkr_|lk_|eyJ)/.test(value)) return
  record({ kind: 'secret', what, value })
}

export function readTranscript(): Entry[] {
  return readdirSync(FOLDER).flatMap((name) =>
    readFileSync(join(FOLDER, name), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Entry),
  )
}

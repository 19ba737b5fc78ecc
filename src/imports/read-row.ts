import { Value } from 'typebox/value'
import { type Mismatch, wordingOf } from '../lib/schema-wording.js'
import { normalizeEmail } from '../users/email.js'
import { DigestError } from '../users/imported/digest.js'
import type { FirebaseParameters } from './firebase.js'
import { type Line, MAX_LINE_BYTES } from './lines.js'
import { digestOf } from './password-hash.js'
import { ImportRow } from './row.js'

/** A row as the account will have it. */
export interface ReadRow {
  readonly email: string
  readonly isVerified: boolean
  readonly name?: string | undefined
  /** ISO 8601. */
  readonly createdAt: string
  readonly isDisabled: boolean
  readonly externalId?: string | undefined
  readonly passwordHash?: string | undefined
}

export interface Reading {
  readonly firebase?: FirebaseParameters | undefined
  /** Whether passwords are left behind. */
  readonly withoutHashes: boolean
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** Why a row is refused. It has nothing of what the row holds. */
export class RowError extends Error {}

/** @throws {RowError} */
export function readRow({ text }: Line, { firebase, withoutHashes, now }: Reading): ReadRow {
  if (text === undefined) {
    throw new RowError(`must be UTF-8 and have at most ${MAX_LINE_BYTES} bytes`)
  }
  const row = checked(parseJson(text))
  const { passwordHash: hash, createdAt } = row
  return {
    email: normalizeEmail(row.email),
    isVerified: row.emailVerified,
    name: row.name,
    createdAt: timeOf(createdAt, now),
    isDisabled: row.disabled === true,
    externalId: row.externalId,
    passwordHash: hash === undefined || withoutHashes ? undefined : storedHash(hash, firebase),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // What JSON.parse says quotes the text.
    throw new RowError('is no JSON')
  }
}

function checked(value: unknown): ImportRow {
  if (Value.Check(ImportRow, value)) return value
  const [wrong] = Value.Errors(ImportRow, value)
  const field = wrong?.instancePath.slice(1).split('/')[0] ?? ''
  if (field === 'passwordHash')
    throw new RowError('passwordHash: has none of the forms that are taken')
  if (field === 'role') throw new RowError('role: must be user; promote makes administrators')
  if (isUnknown(wrong, field)) throw new RowError(`${field}: is no field of an import`)
  const wording = wrong && (wordingOf(wrong) ?? wrong.message)
  throw new RowError(field === '' ? `${wording}` : `${field}: ${wording}`)
}

/** A name that is none may hold anything: only one that looks like a name is quoted. */
const isUnknown = (wrong: Mismatch | undefined, field: string): boolean =>
  wrong?.keyword === 'boolean' && /^[A-Za-z]\w{0,39}$/.test(field)

function storedHash(
  hash: NonNullable<ImportRow['passwordHash']>,
  firebase: FirebaseParameters | undefined,
): string {
  try {
    return digestOf(hash, firebase)
  } catch (error) {
    if (error instanceof DigestError) throw new RowError(`passwordHash: ${error.message}`)
    throw error
  }
}

function timeOf(text: string | undefined, now: number): string {
  if (text === undefined) return new Date(now).toISOString()
  const time = new Date(text).getTime()
  if (!(time >= 0 && time <= now)) throw new RowError('createdAt: must be past, and after 1969')
  return new Date(time).toISOString()
}

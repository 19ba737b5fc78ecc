import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { KEY_FOLDERS } from './file-key-ring.js'
import { LocalError } from './local-error.js'

export interface DataDir {
  readonly root: string
  readonly database: string
  readonly keyRing: string
  readonly engine: string
}

const DATABASE = 'dynamodb.sqlite'

/** Whether a service has kept data in a folder. */
export const hasDatabase = (path: string): boolean => existsSync(join(resolve(path), DATABASE))

/**
 * The folder of everything local, readable by its owner only.
 * @throws {LocalError} when it can't be made or written.
 */
export function openDataDir(path: string): DataDir {
  const root = resolve(path)
  try {
    for (const name of KEY_FOLDERS) makeFolder(join(root, 'keyring', name))
    accessSync(root, constants.W_OK)
    accessSync(join(root, 'keyring'), constants.W_OK)
  } catch (error) {
    throw unwritable(root, error)
  }
  return {
    root,
    database: join(root, DATABASE),
    keyRing: join(root, 'keyring'),
    engine: join(root, 'engine.json'),
  }
}

/** What a failed write tells the person who can fix it. */
export function unwritable(root: string, error: unknown): LocalError {
  const { code } = error as NodeJS.ErrnoException
  return new LocalError(
    `The data folder ${root} can't be written (${code}). Set DATA_DIR to a folder that can.`,
  )
}

/** With those above it. Node's own `recursive` never comes back from a place that can't have folders, such as /proc. */
function makeFolder(path: string): void {
  if (isFolder(path)) return
  makeFolder(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!isFolder(path)) throw error
  }
}

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

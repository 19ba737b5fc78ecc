import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

/** bcrypt as one script of CommonJS, for a thread. A bundle has it as a text. */
export const bcryptSource = (): Promise<string> =>
  readFile(createRequire(import.meta.url).resolve('bcryptjs'), 'utf8')

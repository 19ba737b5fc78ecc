import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** bcrypt as one script of CommonJS, for a thread. A bundle has it as a text. */
export const bcryptSource = (): Promise<string> => readFile(require.resolve('bcryptjs'), 'utf8')

import { join } from 'node:path'

/** A function, by the name of its folder. */
export type FunctionName = 'app' | 'authorizer' | 'rotate-keys' | 'worker'

/** In the repository this is `infra/constructs/function-folder.ts`, in the package it is in a file of `dist`. */
const DIST = join(import.meta.dirname, import.meta.url.endsWith('.ts') ? '../../dist' : '.')

/** Folder of a function's bundle: `npm run bundle` makes it, and the package brings it along. */
export const functionFolder = (name: FunctionName): string => join(DIST, 'lambda', name)

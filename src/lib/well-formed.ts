/**
 * Text as JSON Schema can ask for it: without halves of surrogate pairs (`String.prototype.isWellFormed`), which
 * JSON may hold and UTF-8, and with it the store, may not.
 */
export const WELL_FORMED = '^\\P{Cs}*$'

/** The same without white space at an end, which no address has that sign-up takes. */
export const UNPADDED = '^(?!\\s)\\P{Cs}*(?<!\\s)$'

/**
 * Text as JSON Schema can ask for it: without halves of surrogate pairs (`String.prototype.isWellFormed`), which
 * JSON may hold and UTF-8, and with it the store, may not.
 */
export const WELL_FORMED = '^\\P{Cs}*$'

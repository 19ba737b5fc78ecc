/** Before a digest that another system made, as a profile keeps it until the first sign-in; no digest of ours has it. */
export const MARK = 'imported:'

/** Whether a digest was imported, and no right password has been given since. */
export const isImported = (digest: string): boolean => digest.startsWith(MARK)

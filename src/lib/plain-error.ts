const MAX_CAUSES = 3

/**
 * An error without the members that a library has added to it: request, options and input among them may hold
 * secrets. A log or a terminal gets this copy.
 */
export function plainError(error: Error, depth = 0): Error {
  const plain = new Error(error.message)
  const { code, cause } = error as NodeJS.ErrnoException & { readonly cause?: unknown }
  plain.name = error.name
  if (error.stack !== undefined) plain.stack = error.stack
  if (cause instanceof Error && depth < MAX_CAUSES) plain.cause = plainError(cause, depth + 1)
  return typeof code === 'string' ? Object.assign(plain, { code }) : plain
}

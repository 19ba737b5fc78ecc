/** Something about this machine that its user can fix: printed as it is, without a stack. */
export class LocalError extends Error {
  override readonly name: string = 'LocalError'
}

/** A command that can't be run as it was given. */
export class UsageError extends LocalError {
  static readonly exitCode = 2
  override readonly name = 'UsageError'
}

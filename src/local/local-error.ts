/** Something about this machine that its user can fix: printed as it is, without a stack. */
export class LocalError extends Error {
  override readonly name = 'LocalError'
}

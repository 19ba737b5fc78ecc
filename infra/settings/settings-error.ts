/** A setting that can't be deployed. The message is one sentence, which says what to write instead. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

/** @throws {SettingsError} */
export function refuse(name: string, why: string): never {
  throw new SettingsError(`${name} ${why}.`)
}

let loading: Promise<ReadonlySet<string>> | undefined

/**
 * 49,000 common passwords of zxcvbn, in lower case. Loaded when the first password is chosen, since
 * most instances of a function never see one.
 */
export function commonPasswords(): Promise<ReadonlySet<string>> {
  loading ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set(dictionary['passwords-common'].map((word) => word.toLowerCase())),
  )
  return loading
}

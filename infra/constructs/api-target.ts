import { Annotations } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'
import {
  type AudienceOptions,
  audiencesOf,
  LEGACY_AUDIENCE_WARNING,
} from '../../src/relying-party/resource.js'
import { SettingsError } from '../settings/settings-error.js'

/** The API that tokens must be for. */
export type ApiTarget = AudienceOptions

/**
 * `aud` that a token must have.
 * @param declared identifiers that the service knows.
 * @throws {SettingsError} for a resource that the service does not declare: it would make no token for it.
 */
export function checkDeclared({ resource }: ApiTarget, declared: readonly string[]): void {
  if (declared.includes(resource)) return
  const known = declared.length > 0 ? `There is ${declared.join(', ')}` : 'There is none'
  throw new SettingsError(
    `resource ${resource} is not declared in \`resources\` of this Latchkey. ${known}.`,
  )
}

/** @throws {SettingsError} for what can't be an identifier of an API. */
export function checkedAudiences(issuer: string, target: ApiTarget): string[] {
  try {
    return audiencesOf(issuer, target)
  } catch (error) {
    throw new SettingsError((error as TypeError).message)
  }
}

export function warnOfLegacyAudience(scope: IConstruct, { legacyAudience }: ApiTarget): void {
  if (legacyAudience === undefined) return
  Annotations.of(scope).addWarningV2('latchkey:legacyAudience', LEGACY_AUDIENCE_WARNING)
}

import { Token } from 'aws-cdk-lib'
import { CfnApiMapping, CfnStage, type HttpApi } from 'aws-cdk-lib/aws-apigatewayv2'
import type { IConstruct } from 'constructs'
import { SettingsError } from '../settings/settings-error.js'

/** Why: the issuer, the cookies and the links of the pages are those of a whole origin. */
const ROOT_ONLY =
  'Latchkey must be at the root of its domain: use the stage $default, and no base path in a mapping of a custom domain.'

/** Fails the synthesis when the app that the API is in gives it a named stage or a base path. */
export function requireRoot(api: HttpApi): void {
  const isElsewhere = (construct: IConstruct): boolean => {
    if (construct instanceof CfnStage) {
      return construct.apiId === api.apiId && construct.stageName !== '$default'
    }
    if (!(construct instanceof CfnApiMapping) || construct.apiId !== api.apiId) return false
    return construct.stage !== '$default' || (construct.apiMappingKey ?? '') !== ''
  }
  api.node.addValidation({
    validate: () =>
      api.node.root.node
        .findAll()
        .filter(isElsewhere)
        .map(({ node }) => `${node.path}: ${ROOT_ONLY}`),
  })
}

/** @throws {SettingsError} for an issuer with a path, which is no Latchkey's. */
export function checkIssuer(issuer: string): void {
  if (Token.isUnresolved(issuer)) return
  if (URL.canParse(issuer) && new URL(issuer).origin === issuer) return
  throw new SettingsError(`issuer ${issuer} must be an origin. ${ROOT_ONLY}`)
}

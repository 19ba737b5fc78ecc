import { Aws, Fn, Names } from 'aws-cdk-lib'
import type { Construct } from 'constructs'

/**
 * A name of letters, digits and hyphens that no other deployment of the account has: one that is made again after it was
 * removed finds its former logs still there, which outlive it.
 */
export function deploymentName(construct: Construct): string {
  const path = Names.uniqueResourceName(construct, { maxLength: 60, separator: '-' })
  // arn:…:stack/<name>/<UUID>
  return `latchkey-${path}-${Fn.select(2, Fn.split('/', Aws.STACK_ID))}`
}

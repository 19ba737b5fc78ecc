import type { RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { LatchkeySettings } from './latchkey-settings.js'

/** How long logs are kept, of settings that are checked. */
export function retentionOf({ logRetentionDays = 90 }: LatchkeySettings): RetentionDays {
  const days: unknown = logRetentionDays
  return days as RetentionDays
}

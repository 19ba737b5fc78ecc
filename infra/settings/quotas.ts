import type { LatchkeySettings } from './latchkey-settings.js'
import { refuse } from './settings-error.js'

/** Of an account's instances, Lambda keeps as many for functions that have none of their own. */
const UNRESERVED = 100
const CONCURRENCY = 1000

const REQUESTS = { rate: 10_000, burst: 5000 }
const FEWER_REQUESTS = { rate: 2500, burst: 1250 }
/** Regions with the lower: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const REGIONS_OF_FEWER = new Set([
  ...['af-south-1', 'ap-south-2', 'ap-southeast-3', 'ap-southeast-4', 'ap-southeast-5'],
  ...['ap-southeast-7', 'ca-west-1', 'eu-central-2', 'eu-south-1', 'eu-south-2'],
  ...['il-central-1', 'me-central-1', 'mx-central-1'],
])

/** @throws {SettingsError} for more than the account may use. */
export function checkQuotas(settings: LatchkeySettings, region = ''): void {
  const { throttle, quotas = {}, provisionedConcurrency = 0 } = settings
  const usual = REGIONS_OF_FEWER.has(region) ? FEWER_REQUESTS : REQUESTS
  const where = REGIONS_OF_FEWER.has(region) ? ` in ${region}` : ''
  const { requestsPerSecond = usual.rate, burst = usual.burst } = quotas
  if (throttle && throttle.rate > requestsPerSecond) {
    refuse(
      'throttle.rate',
      `must be at most ${requestsPerSecond}, API Gateway’s quota of the account${where}: give quotas.requestsPerSecond where yours is another`,
    )
  }
  if (throttle && throttle.burst > burst) {
    refuse(
      'throttle.burst',
      `must be at most ${burst}, API Gateway’s quota of the account${where}: give quotas.burst where yours is another`,
    )
  }
  const { concurrency = CONCURRENCY } = quotas
  const most = Math.max(0, concurrency - UNRESERVED)
  if (provisionedConcurrency > most) {
    refuse(
      'provisionedConcurrency',
      `must be at most ${most}: Lambda keeps ${UNRESERVED} of the ${concurrency} instances of the account for other functions; give quotas.concurrency where yours is another`,
    )
  }
}

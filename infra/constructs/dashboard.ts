import { Duration } from 'aws-cdk-lib'
import {
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IMetric,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch'
import { Construct } from 'constructs'
import type { AuthorizerFunction } from './authorizer-function.js'
import { reputationOf, serviceMetric, throttlesOf, type Watched } from './alarms.js'
import type { Mail } from './mail.js'

const WIDTH = 8

/** One page for ops: who signs in, what fails, how long it takes, what the tables do. */
export class Dashboard extends Construct {
  readonly #page: CloudWatchDashboard
  #authorizers: GraphWidget | undefined

  constructor(scope: Construct, id: string, watched: Watched) {
    super(scope, id)
    const { api, app, tables, mail, webAcl, throttled, providerUnavailable } = watched
    const period = Duration.minutes(5)
    const latency = (percentile: number) =>
      api.metricLatency({
        period,
        statistic: Stats.percentile(percentile),
        label: `p${percentile}`,
      })
    const counts = (...names: string[]): IMetric[] => names.map((name) => serviceMetric(app, name))
    const byTable = (make: (table: Tables[keyof Tables]) => IMetric) =>
      Object.values(tables.byId).map(make)

    this.#page = new CloudWatchDashboard(this, 'Page', {
      defaultInterval: Duration.hours(24),
      widgets: [
        [
          graph('Sign-ins', counts('SignInSucceeded', 'SignInFailed', 'SignUp')),
          graph('Tokens', counts('TokenRefreshed', 'TokenReuseDetected', 'MachineTokenCreated')),
          graph(
            'API keys and limits',
            counts('ApiKeyAllowed', 'RateLimitExceeded', 'ForeignOrigin'),
          ),
        ],
        [
          graph('Answers, milliseconds', [50, 90, 99].map(latency)),
          graph('Errors', [
            api.metricServerError({ period, label: '5xx' }),
            api.metricClientError({ period, label: '4xx' }),
            ...counts('UnexpectedError', 'DependencyFailed', 'StartFailed'),
            throttled.with({ label: 'Throttled' }),
            providerUnavailable.with({ label: 'ProviderUnavailable' }),
            ...(webAcl ? [webAcl.blocked.with({ label: 'blocked' })] : []),
          ]),
          graph('Function', [
            app.metricInvocations({ period }),
            app.metricThrottles({ period }),
            app.metric('ConcurrentExecutions', { period, statistic: Stats.MAXIMUM }),
            ...counts('ColdStart'),
          ]),
        ],
        [
          graph(
            'Read units',
            byTable((table) => table.metricConsumedReadCapacityUnits({ period })),
          ),
          graph(
            'Write units',
            byTable((table) => table.metricConsumedWriteCapacityUnits({ period })),
          ),
          graph('Throttled requests', [
            ...throttlesOf(tables, 'Read', period),
            ...throttlesOf(tables, 'Write', period),
          ]),
        ],
        ...(mail ? [mailRow(mail)] : []),
      ],
    })
  }

  /** Adds a function that judges calls of other APIs. */
  showAuthorizer(authorizer: AuthorizerFunction): void {
    const period = Duration.minutes(5)
    const { id } = authorizer.node
    if (!this.#authorizers) {
      this.#authorizers = graph('Authorizers of other APIs', [])
      this.#page.addWidgets(this.#authorizers)
    }
    for (const metric of [
      authorizer.metricInvocations({ period, label: id }),
      authorizer.metricThrottles({ period, label: `${id}, throttled` }),
      authorizer.failures.with({ label: `${id}, failed` }),
    ]) {
      this.#authorizers.addLeftMetric(metric)
    }
  }
}

type Tables = Watched['tables']['byId']

const graph = (title: string, left: IMetric[]): GraphWidget =>
  new GraphWidget({ title, left, width: WIDTH })

function mailRow(mail: Mail): GraphWidget[] {
  const { function: worker, queue, undelivered } = mail
  const period = Duration.minutes(5)
  const visible = { period, label: 'given up' }
  return [
    graph(
      'Mail',
      ['MailSent', 'MailFailed', 'MailRefused'].map((name) => serviceMetric(worker, name)),
    ),
    graph('Mail that waits', [
      queue.metricApproximateAgeOfOldestMessage({ period, label: 'oldest, seconds' }),
      queue.metricApproximateNumberOfMessagesVisible({ period, label: 'messages' }),
      undelivered.metricApproximateNumberOfMessagesVisible(visible),
    ]),
    graph('Mail that comes back', [
      reputationOf(mail, 'BounceRate'),
      reputationOf(mail, 'ComplaintRate'),
    ]),
  ]
}

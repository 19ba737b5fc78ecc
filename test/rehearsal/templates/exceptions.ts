import type { FileSettings } from '../assemblies.js'
import type { Tool } from './finding.js'

/** Rules that templates break on purpose, each with its reason. */
export interface Exception {
  /** By the tool that has the rule. Rules of two tools that ask for the same thing stand together. */
  readonly rules: Readonly<Partial<Record<Tool, string>>>
  /** Logical ids without CDK's digest, or types, such as `AWS::Lambda::Function`, for all of a type. */
  readonly resources: readonly string[]
  readonly why: string
  /** A setting with which the rule holds: there is no exception where it is set. @default - none */
  readonly unless?: keyof FileSettings
}

/** CDK's own, which runs the triggers of a deployment. */
const TRIGGERS = 'AWSCDKTriggerCustomResourceProviderCustomResourceProviderHandler'

/** All of them. One that no finding needs any more must go. Those of cdk-nag stand beside each construct. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    rules: { 'cfn-lint': 'W3005' },
    resources: ['AWS::Lambda::Function'],
    why: 'CDK makes a function after its role and the policies of it, and only of the role a reference says so too; the app, after all that leads to it.',
  },
  {
    rules: { 'cfn-lint': 'W3005' },
    resources: ['ServiceReleaseLive'],
    why: 'CloudFormation documents no order for what an UpdatePolicy names, so DependsOn says that the group of CodeDeploy comes first.',
  },
  {
    rules: { 'cfn-lint': 'W3005' },
    resources: ['ServiceApiDefaultStageLatchkeyServiceDomainNameundefined'],
    why: 'CDK maps a domain after its name and its stage, and says both twice.',
  },
  {
    rules: { checkov: 'CKV_AWS_117', 'Control Tower': 'CT.LAMBDA.PR.3' },
    resources: ['AWS::Lambda::Function'],
    why: 'The functions call AWS and identity providers alone, by TLS and IAM. In a VPC they would need a NAT gateway and endpoints, which cost more than the service.',
  },
  {
    rules: { checkov: 'CKV_AWS_115' },
    resources: ['AWS::Lambda::Function'],
    why: 'A limit for one function takes its instances from the quota of the account, which new accounts have too little of. The throttle of the API bounds the app.',
  },
  {
    rules: { checkov: 'CKV_AWS_116' },
    resources: ['ServiceApp', TRIGGERS],
    why: 'API Gateway and CloudFormation wait for the answer, so that nothing is queued.',
  },
  {
    rules: { checkov: 'CKV_AWS_116' },
    resources: ['ServiceMailWorker', 'ServiceEventsWorker'],
    why: 'Its stream and its queue have dead-letter queues. It takes no other events.',
  },
  {
    rules: { checkov: 'CKV_AWS_173' },
    resources: ['AWS::Lambda::Function'],
    why: 'No secret is in a variable. Lambda encrypts them with its own key, which needs no call of KMS at each start.',
  },
  {
    rules: { checkov: 'CKV_AWS_27' },
    resources: ['AWS::SQS::Queue'],
    why: 'Each queue states SqsManagedSseEnabled, which this rule does not look at. No secret is in a queue.',
  },
  {
    rules: { 'Control Tower': 'CT.SQS.PR.1' },
    resources: [
      'ServiceRotationFailed',
      ...['ServiceMailUndelivered', 'ServiceMailUnread'],
      ...['ServiceEventsUndelivered', 'ServiceEventsUnread'],
    ],
    why: 'They are dead-letter queues themselves.',
  },
  {
    rules: { checkov: 'CKV_AWS_158', 'Control Tower': 'CT.CLOUDWATCH.PR.3' },
    resources: ['AWS::Logs::LogGroup'],
    why: 'CloudWatch encrypts logs with a key of its own. A key of the account costs money and needs a policy.',
    unless: 'encryptionKeyArn',
  },
  {
    rules: { checkov: 'CKV_AWS_149' },
    resources: ['AWS::SecretsManager::Secret'],
    why: 'Secrets Manager encrypts with a key that AWS manages in the account. A key of the account costs money and needs a policy.',
    unless: 'encryptionKeyArn',
  },
  {
    rules: { 'Control Tower': 'CT.CLOUDWATCH.PR.2' },
    resources: ['AWS::Logs::LogGroup'],
    why: 'A year of logs holds addresses of people for longer than most need. Who must keep them so long sets it.',
    unless: 'logRetentionDays',
  },
  {
    rules: { 'Control Tower': 'CT.CLOUDWATCH.PR.1' },
    resources: ['AWS::CloudWatch::Alarm'],
    why: 'Without an address or a topic of the team there is nothing to call. The synthesis says so.',
    unless: 'alarmEmail',
  },
  {
    rules: { 'Control Tower': 'CT.APIGATEWAY.PR.5' },
    resources: ['ServiceEverything', 'ServiceForVerifiers'],
    why: 'Latchkey is what authenticates: sign-up, sign-in and keys are public, and the app asks for credentials on each other route.',
  },
  {
    rules: { 'Control Tower': 'CT.LAMBDA.PR.2' },
    resources: ['AWS::Lambda::Permission'],
    why: 'Each permission has a SourceArn. It is a Fn::Join, which this rule can’t read.',
  },
  {
    rules: { 'Control Tower': 'CT.CLOUDFRONT.PR.1' },
    resources: ['ServiceEdgeDistribution'],
    why: 'The app answers at the root itself. There is no bucket whose list a default object would hide.',
  },
  {
    rules: { 'Control Tower': 'CT.CLOUDFRONT.PR.4' },
    resources: ['ServiceEdgeDistribution'],
    why: 'There is one API. CloudFront fails over for reads alone, and sign-in writes.',
  },
  {
    rules: { checkov: 'CKV_AWS_86', 'Control Tower': 'CT.CLOUDFRONT.PR.5' },
    resources: ['ServiceEdgeDistribution'],
    why: 'That log has whole queries, and with them the codes of social sign-ins. The API logs each call without its query.',
  },
  {
    rules: { checkov: 'CKV_AWS_174', 'Control Tower': 'CT.CLOUDFRONT.PR.9' },
    resources: ['ServiceEdgeDistribution'],
    why: 'CloudFront’s own name leaves no choice of TLS versions.',
    unless: 'customDomain',
  },
  {
    rules: { 'Control Tower': 'CT.CLOUDFRONT.PR.6' },
    resources: ['ServiceEdgeDistribution'],
    why: 'CloudFront’s own name comes with a certificate of CloudFront.',
    unless: 'customDomain',
  },
  {
    rules: { 'Control Tower': 'CT.CLOUDFRONT.PR.7' },
    resources: ['ServiceEdgeDistribution'],
    why: 'Without a certificate of the team there is no choice of how it is served.',
    unless: 'customDomain',
  },
]

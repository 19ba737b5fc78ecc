import t from 'tap'
import type { Finding } from '../rehearsal/templates/finding.js'
import { Judge } from '../rehearsal/templates/judge.js'
import type { Synthesized } from '../rehearsal/templates/synthesis.js'

const variantOf = (settings: Synthesized['variant']['settings']): Synthesized => ({
  name: 'one',
  variant: { settings, target: {} },
  findings: [],
  templates: [],
})

const finding = (rule: string, resource: string, type: string): Finding => ({
  ...{ tool: 'checkov', rule, resource, type },
  message: 'not so',
})

const APP = finding('CKV_AWS_117', 'ServiceApp', 'AWS::Lambda::Function')
const LOG = finding('CKV_AWS_158', 'ServiceAppLog', 'AWS::Logs::LogGroup')

t.test('a finding that an exception names by its type or its id is none', async (t) => {
  const why = 'It needs no network.'
  for (const resource of ['AWS::Lambda::Function', 'ServiceApp']) {
    const judge = new Judge([{ rules: { checkov: 'CKV_AWS_117' }, resources: [resource], why }])
    const { findings, excepted } = judge.judge(variantOf({}), 'checkov', [APP, LOG])
    t.same(findings, [LOG], 'another rule is no part of it')
    t.equal(excepted, 1)
    t.same(judge.stale(), [])
  }
})

t.test('an exception ends where the setting is that the rule asks for', async (t) => {
  const judge = new Judge([
    {
      rules: { checkov: 'CKV_AWS_158' },
      resources: ['AWS::Logs::LogGroup'],
      why: 'A key costs money.',
      unless: 'encryptionKeyArn',
    },
  ])
  const encryptionKeyArn = 'arn:aws:kms:eu-west-1:123456789012:key/0a1b'
  const keyed = judge.judge(variantOf({ encryptionKeyArn }), 'checkov', [LOG])
  t.same(keyed.findings, [LOG])
  t.same(judge.stale(), ['checkov CKV_AWS_158 AWS::Logs::LogGroup'])
  t.same(judge.judge(variantOf({}), 'checkov', [LOG]).findings, [])
  t.same(judge.stale(), [])
})

t.test(
  'an exception that no finding needs is stale, for each resource and each tool',
  async (t) => {
    const judge = new Judge([
      {
        rules: { checkov: 'CKV_AWS_117', 'Control Tower': 'CT.LAMBDA.PR.3' },
        resources: ['ServiceApp', 'ServiceGone'],
        why: 'It needs no network.',
      },
    ])
    judge.judge(variantOf({}), 'checkov', [APP])
    t.same(judge.stale(), [
      'checkov CKV_AWS_117 ServiceGone',
      'Control Tower CT.LAMBDA.PR.3 ServiceApp',
      'Control Tower CT.LAMBDA.PR.3 ServiceGone',
    ])
  },
)

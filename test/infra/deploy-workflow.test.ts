import { readdirSync, readFileSync } from 'node:fs'
import { App } from 'aws-cdk-lib'
import t from 'tap'
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda'
import { parse } from 'yaml'
import { buildCdkApp } from '../../infra/app.js'

// What the functions hold is nothing here.
Code.fromAsset = () => Code.fromInline('exports.handler = () => {}') as unknown as AssetCode

const FOLDER = 'examples/deploy'
const WORKFLOWS = `${FOLDER}/.github/workflows`

interface Job {
  readonly if?: string
  readonly needs?: string
  readonly uses?: string
  readonly environment?: string
  readonly permissions?: Readonly<Record<string, string>>
  readonly with?: Readonly<Record<string, string>>
  readonly steps?: readonly { readonly uses?: string; readonly run?: string }[]
}

interface Workflow {
  readonly on: object
  readonly permissions: object
  readonly jobs: Readonly<Record<string, Job>>
}

const read = (name: string) => parse(readFileSync(`${WORKFLOWS}/${name}`, 'utf8')) as Workflow
const deploy = read('deploy.yml')
const stage = read('stage.yml')

t.test('a pull request shows what it would change, and deploys nothing', async (t) => {
  t.same(Object.keys(deploy.on).sort(), ['pull_request', 'push'])
  const { diff, test, staging, production } = deploy.jobs
  t.equal(diff?.with?.command, 'diff')
  t.equal(diff?.if, "github.event_name == 'pull_request'")
  t.equal(test?.with?.command, 'test')
  for (const job of [staging, production]) {
    t.equal(job?.with?.command, 'deploy')
    t.equal(job?.if, "github.event_name == 'push'")
  }
})

t.test('production waits for the tests, for staging and for a person', async (t) => {
  const { staging, production } = deploy.jobs
  t.equal(staging?.needs, 'test')
  t.equal(production?.needs, 'staging')
  t.equal(staging?.with?.environment, 'staging')
  t.equal(production?.with?.environment, 'production')
  t.equal(stage.jobs.run?.environment, '${{ inputs.environment }}')
})

t.test('no key of AWS is kept: each job asks for a role with a token of its own', async (t) => {
  const texts = readdirSync(WORKFLOWS).map((name) => readFileSync(`${WORKFLOWS}/${name}`, 'utf8'))
  t.notMatch(texts.join(), /secrets\.|access-key|pull_request_target/)
  for (const { permissions } of [deploy, stage]) t.same(permissions, {}, 'nothing by default')
  for (const { permissions } of [...Object.values(deploy.jobs), ...Object.values(stage.jobs)]) {
    t.same(permissions, { contents: 'read', 'id-token': 'write' })
  }
  for (const { uses, run = '' } of stage.jobs.run?.steps ?? []) {
    if (uses !== undefined) t.match(uses, /^[\w-]+\/[\w-]+@v\d+$/)
    t.notMatch(run, /\$\{\{/, 'a shell gets no text of an expression')
  }
})

t.test('its settings can be deployed', async (t) => {
  for (const name of ['staging', 'production']) {
    const env = { CDK_DEFAULT_ACCOUNT: '123456789012', CDK_DEFAULT_REGION: 'eu-west-1' }
    const { stateless } = buildCdkApp(new App(), env, `${FOLDER}/${name}/latchkey.json`)
    t.equal(stateless.stackName, `Latchkey-${name}`)
  }
})

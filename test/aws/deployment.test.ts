import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { readDeployment } from '../../src/aws/deployment.js'
import { listenOnLoopback } from '../support/loopback.js'

const STACK = 'Latchkey'
const APP = { USERS_TABLE: 'users-1', REFRESH_TOKENS_TABLE: 'tokens-1', MAIL_FROM: 'a@example.com' }

/** A function's variables; undefined for one that the role may not read. */
type Functions = Readonly<Record<string, Readonly<Record<string, string>> | undefined>>

/** CloudFormation and Lambda as far as they tell which functions a stack has, each on a page of its own. */
async function startAws(t: Test, functions: Functions) {
  const names = Object.keys(functions)
  const server = createServer((request, response) => {
    const answer = (status: number, type: string, said: string) =>
      response.writeHead(status, { 'content-type': type }).end(said)
    void text(request).then((body) => {
      const [, name] = /\/functions\/([^/]+)\/configuration/.exec(request.url ?? '') ?? []
      if (name !== undefined) {
        const variables = functions[name]
        const denied = { __type: 'AccessDeniedException', message: 'no' }
        const said = variables ? { Environment: { Variables: variables } } : denied
        answer(variables ? 200 : 403, 'application/json', JSON.stringify(said))
        return
      }
      const asked = new URLSearchParams(body)
      const isThere = asked.get('StackName') === STACK
      const page = Number(asked.get('NextToken') ?? 0)
      answer(isThere ? 200 : 400, 'text/xml', isThere ? pageOf(names, page) : MISSING)
    })
  })
  const endpoint = await listenOnLoopback(t, server)
  return {
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  }
}

const pageOf = (names: readonly string[], page: number): string =>
  `<ListStackResourcesResponse><ListStackResourcesResult><StackResourceSummaries><member>
<ResourceType>AWS::Lambda::Function</ResourceType><PhysicalResourceId>${names[page]}</PhysicalResourceId>
</member></StackResourceSummaries>${page + 1 < names.length ? `<NextToken>${page + 1}</NextToken>` : ''}
</ListStackResourcesResult></ListStackResourcesResponse>`

const MISSING = `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code>
<Message>Stack with id Elsewhere does not exist</Message></Error></ErrorResponse>`

t.test('a service deployed on AWS is found by its stack', async (t) => {
  const aws = await startAws(t, {
    others: undefined,
    app: { ...APP, NODE_OPTIONS: '--inspect' },
    rotation: { KEY_RING_SECRET: 'ring-1', SPARE_KEY_SECRET: 'spare-1' },
    worker: { EVENTS_TABLE: 'events-1' },
  })
  const found = await readDeployment(STACK, aws)
  t.same(found, { ...APP, SPARE_KEY_SECRET: 'spare-1' }, 'by what Latchkey reads, and no more')
})

t.test('a service whose AWS stack is not found is said to be so, and what to do', async (t) => {
  const aws = await startAws(t, { others: undefined })
  await t.rejects(readDeployment('Elsewhere', aws), {
    name: 'DeploymentError',
    message: /^There is no stack Elsewhere .*--stack.*AWS_REGION/,
  })
  await t.rejects(readDeployment(STACK, aws), {
    message: /no function of Latchkey that this role may read.*lambda:GetFunctionConfiguration/,
  })
  const two = await startAws(t, { app: APP, app2: APP })
  await t.rejects(readDeployment(STACK, two), { message: /has 2 services/ })
  const region = ''
  await t.rejects(readDeployment(STACK, { ...aws, region }), { message: /^Set AWS_REGION/ })
})

import type { Checklist } from './checklist.js'
import { DYNAMODB } from './failure-modes/dynamodb.js'
import { LAMBDA } from './failure-modes/lambda.js'
import { API_GATEWAY } from './failure-modes/api-gateway.js'
import { DEPENDENCIES } from './failure-modes/dependencies.js'

export const FAILURE_MODES: Checklist = {
  name: 'failure-modes',
  title: 'Failures of what it runs on',
  introduction:
    'How DynamoDB, Lambda, API Gateway and what else the service depends on fail, and what must happen then.',
  sections: [
    { title: 'DynamoDB', traces: DYNAMODB },
    { title: 'Lambda', traces: LAMBDA },
    { title: 'API Gateway', traces: API_GATEWAY },
    { title: 'What the service depends on', traces: DEPENDENCIES },
  ],
}

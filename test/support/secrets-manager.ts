import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Test } from 'tap'
import { recordSecret } from './transcript.js'
import { listenOnLoopback } from './loopback.js'

/** Secrets Manager as far as the service uses it, on loopback. */
export interface SecretsManager {
  readonly endpoint: string
  /** Versions of each secret by their ids, the current one last. */
  readonly versions: Map<string, Map<string, string>>
  /** Answers everything with 500 while it is away. */
  isAway: boolean
  /** So many next calls are refused, as those of a role that is too new. */
  denials: number
}

/** What CloudFormation leaves in a secret that it makes. */
export const GENERATED = 'qT7;random-letters"4,and{signs]9'

interface Call {
  readonly SecretId: string
  readonly ClientRequestToken?: string
  readonly SecretString?: string
}

/**
 * Stands in for GetSecretValue and PutSecretValue, with the one rule that many writers depend on: a
 * version's id that was used takes no other value.
 */
export async function startSecretsManager(t: Test): Promise<SecretsManager> {
  const versions = new Map<string, Map<string, string>>()
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const operation = String(request.headers['x-amz-target']).split('.').at(-1)
      const { status, answer } = manager.isAway
        ? { status: 500, answer: { __type: 'InternalServiceError', message: 'away' } }
        : manager.denials-- > 0
          ? refuse('AccessDeniedException')
          : act(versions, operation === 'PutSecretValue', JSON.parse(body) as Call)
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
      response.end(JSON.stringify(answer))
    })
  })
  const endpoint = await listenOnLoopback(t, server)
  const manager = { endpoint, versions, isAway: false, denials: 0 }
  return manager
}

function act(versions: SecretsManager['versions'], isPut: boolean, call: Call) {
  const { SecretId, ClientRequestToken = '', SecretString = '' } = call
  const known = versions.get(SecretId) ?? new Map<string, string>()
  versions.set(SecretId, known)
  if (!isPut) {
    const current = [...known.values()].at(-1)
    return current === undefined
      ? refuse('ResourceNotFoundException')
      : { status: 200, answer: { ARN: SecretId, Name: SecretId, SecretString: current } }
  }
  recordSecret('key', SecretString)
  const before = known.get(ClientRequestToken)
  if (before !== undefined && before !== SecretString) return refuse('ResourceExistsException')
  if (before === undefined) known.set(ClientRequestToken, SecretString)
  return { status: 200, answer: { ARN: SecretId, VersionId: ClientRequestToken } }
}

const refuse = (type: string) => ({ status: 400, answer: { __type: type, message: type } })

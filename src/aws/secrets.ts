import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  SecretsManagerClient,
  type SecretsManagerClientConfig,
} from '@aws-sdk/client-secrets-manager'

/** Secrets of this account, read and written whole. */
export class Secrets {
  readonly #client: SecretsManagerClient

  constructor(config: SecretsManagerClientConfig = {}) {
    this.#client = new SecretsManagerClient({
      maxAttempts: 3,
      requestHandler: {
        connectionTimeout: 1_000,
        requestTimeout: 3_000,
        throwOnRequestTimeout: true,
      },
      ...config,
    })
  }

  /** @returns undefined for a secret that has no value yet. */
  async read(id: string): Promise<string | undefined> {
    try {
      return (await this.#client.send(new GetSecretValueCommand({ SecretId: id }))).SecretString
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined
      throw error
    }
  }

  /**
   * Makes a value current under the id of its version, 32 to 64 letters. A version is never written over.
   * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
   * @returns false when that version has another value already.
   */
  async write(id: string, version: string, value: string): Promise<boolean> {
    try {
      await this.#client.send(
        new PutSecretValueCommand({
          SecretId: id,
          ClientRequestToken: version,
          SecretString: value,
        }),
      )
      return true
    } catch (error) {
      if (error instanceof ResourceExistsException) return false
      throw error
    }
  }
}

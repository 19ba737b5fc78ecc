import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { Answer, Service } from './service.js'

/** Who reports leaks. */
export interface Signer {
  /** The public key, as the setting has it. */
  readonly pem: string
  readonly sign: (text: string) => string
}

export function newSigner(): Signer {
  const { publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject } =
    generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return {
    pem: publicKey.export({ type: 'spki', format: 'pem' }) as string,
    sign: (text) => sign('sha256', Buffer.from(text), privateKey).toString('base64'),
  }
}

export const SIGNATURE = 'github-public-key-signature'

/** Sends a report as GitHub's secret scanning does. */
export function report(
  service: Service,
  finds: unknown,
  signer: Pick<Signer, 'sign'>,
): Promise<Answer> {
  const body = JSON.stringify(finds)
  return postReport(service, body, { [SIGNATURE]: signer.sign(body) })
}

export const postReport = (
  service: Service,
  body: string,
  headers: Record<string, string>,
): Promise<Answer> =>
  service.post('/api/apikeys/leaked', body, {
    headers: { 'content-type': 'application/json', ...headers },
  })

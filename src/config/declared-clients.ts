import { Resources } from '../access-tokens/resources.js'
import type { AppClient } from '../oauth/clients/client.js'
import { ConfigError } from './environment.js'
import type { Config } from './service.js'

/**
 * The apps of `CLIENTS`. A service that declares none loads nothing of what reads them.
 * @throws {ConfigError} for the first that is wrong.
 */
export async function readClients({ clients, issuer, resources }: Config): Promise<AppClient[]> {
  if (Object.keys(clients).length === 0) return []
  const { ClientFault, declaredClients } = await import('../oauth/clients/declared.js')
  try {
    return declaredClients(clients, { issuer, resources: new Resources(resources) })
  } catch (error) {
    if (error instanceof ClientFault) throw new ConfigError(`CLIENTS${error.message}.`)
    throw error
  }
}

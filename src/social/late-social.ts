import { onceMade } from '../lib/once-made.js'
import type { EntranceDependencies } from './entrance.js'
import type { Freeing } from './freeing.js'
import type { OAuthOptions } from './plugin.js'
import type { Provider } from './provider.js'
import type { ProviderSettings } from './provider-settings.js'

type Given = Omit<OAuthOptions, 'providers' | 'entrance' | 'timeoutMs'> & EntranceDependencies

/** Social sign-in, once it is loaded. */
export interface SocialSignIn {
  readonly routes: typeof import('./plugin.js').default
  readonly options: OAuthOptions
  readonly freeing: Freeing
}

/** The providers of a service, and what signs in by them, which the first request for it loads. */
export interface LateSocial {
  readonly providers: readonly Provider[]
  /** @returns undefined where no provider is configured. */
  readonly open: () => Promise<SocialSignIn | undefined>
}

export interface SocialSettings {
  readonly providers: Readonly<Record<string, ProviderSettings>>
  readonly timeoutMs: number
}

/** A service without providers loads none of it. */
export async function lateSocial(
  { providers: settings, timeoutMs }: SocialSettings,
  given: Given,
): Promise<LateSocial> {
  if (Object.keys(settings).length === 0) return { providers: [], open: async () => undefined }
  const { resolveProviders } = await import('./presets.js')
  const providers = resolveProviders(settings)
  const open = onceMade(async () => {
    const { default: routes, Entrance, Freeing } = await import('./plugin.js')
    const entrance = new Entrance(given)
    const freeing = new Freeing({ ...given, entrance })
    return { routes, options: { ...given, entrance, providers, timeoutMs }, freeing }
  })
  return { providers, open }
}

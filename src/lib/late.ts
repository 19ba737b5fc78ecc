import { onceMade } from './once-made.js'

/** What can be asked of a service that may not be loaded yet: all that it answers by a promise. */
export type Late<Service> = {
  readonly [
    Name in keyof Service as Service[Name] extends (...given: never[]) => Promise<unknown>
      ? Name
      : never
  ]: Service[Name]
}

/** Services that the first call of one of them loads. */
export class LateServices<Services extends object> {
  /** The services themselves. */
  readonly load: () => Promise<Services>

  constructor(load: () => Promise<Services>) {
    this.load = onceMade(load)
  }

  /**
   * @example
   * const late = new LateServices(async () => (await import('./late.js')).buildLateServices(given))
   * await late.get('accounts').unlinkIdentity(caller, session, id)
   */
  get<Name extends keyof Services>(name: Name): Late<Services[Name]> {
    const call =
      (method: string | symbol) =>
      async (...given: unknown[]) => {
        const service = (await this.load())[name]
        return Reflect.apply(Reflect.get(service as object, method) as Method, service, given)
      }
    return new Proxy({} as Late<Services[Name]>, { get: (_target, method) => call(method) })
  }
}

type Method = (...given: unknown[]) => unknown

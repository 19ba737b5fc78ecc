import type { Adapter, AdapterPayload } from 'oidc-provider'

/**
 * A store of oidc-provider in memory that forgets nothing, as its documentation describes one
 * (https://github.com/panva/node-oidc-provider/blob/main/example/my_adapter.js): the library makes one for each of its models. Its
 * own store in memory has room for 1,000 to 2,000 items of all models together, so that a token may be gone before its user comes
 * back. What has expired stays here: the library looks at `exp`.
 */
export class LastingAdapter implements Adapter {
  readonly #items = new Map<string, AdapterPayload>()
  readonly #idsOfGrants = new Map<string, string[]>()

  async upsert(id: string, payload: AdapterPayload): Promise<void> {
    this.#items.set(id, payload)
    const { grantId } = payload
    if (grantId === undefined) return
    const ids = this.#idsOfGrants.get(grantId)
    if (ids) ids.push(id)
    else this.#idsOfGrants.set(grantId, [id])
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    return this.#items.get(id)
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return [...this.#items.values()].find((payload) => payload.uid === uid)
  }

  async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return [...this.#items.values()].find((payload) => payload.userCode === userCode)
  }

  async consume(id: string): Promise<void> {
    const payload = this.#items.get(id)
    if (payload) this.#items.set(id, { ...payload, consumed: Math.floor(Date.now() / 1000) })
  }

  async destroy(id: string): Promise<void> {
    this.#items.delete(id)
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const id of this.#idsOfGrants.get(grantId) ?? []) this.#items.delete(id)
    this.#idsOfGrants.delete(grantId)
  }
}

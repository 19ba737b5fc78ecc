/** A map that forgets its oldest entry when it is full: memory that no client can make grow. */
export class BoundedMap<K, V> {
  readonly #entries = new Map<K, V>()
  readonly #size: number

  /** A size of 0 remembers nothing. */
  constructor(size: number) {
    this.#size = size
  }

  get(key: K): V | undefined {
    return this.#entries.get(key)
  }

  set(key: K, value: V): void {
    this.#entries.delete(key)
    this.#entries.set(key, value)
    if (this.#entries.size > this.#size) {
      for (const oldest of this.#entries.keys()) {
        this.#entries.delete(oldest)
        return
      }
    }
  }

  delete(key: K): void {
    this.#entries.delete(key)
  }

  /** Drops every entry that a condition holds for. */
  deleteWhere(condition: (value: V) => boolean): void {
    for (const [key, value] of this.#entries) if (condition(value)) this.#entries.delete(key)
  }
}

/** Says on stderr, every tenth of the way, how far long work has come. */
export class Progress {
  readonly #name: string
  readonly #total: number
  #done = 0

  constructor(name: string, total: number) {
    this.#name = name
    this.#total = total
  }

  step(): void {
    const tenths = () => Math.floor((10 * this.#done) / this.#total)
    const before = tenths()
    this.#done++
    if (tenths() > before) console.error(`${this.#name} ${this.#done} of ${this.#total}`)
  }
}

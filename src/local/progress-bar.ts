const WIDTH = 30
/** Of the line, to its end. */
const CLEAR = '\x1b[K'

/** Where a bar is drawn: standard error, so that it never gets into what a command prints. */
export interface Screen {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/** How far a command has come, in one line that is drawn again. Only a terminal gets it. */
export class ProgressBar {
  readonly #screen: Screen
  readonly #total: number
  #done = 0
  #drawn = ''

  constructor(screen: Screen, total: number) {
    this.#screen = screen
    this.#total = total
    this.advance(0)
  }

  advance(steps: number): void {
    this.#done += steps
    this.#draw()
  }

  /** Writes a line of text above the bar, and where there is none, the line alone. */
  note(line: string): void {
    const isDrawn = this.#screen.isTTY === true
    this.#screen.write(isDrawn ? `\r${CLEAR}${line}\n` : `${line}\n`)
    this.#drawn = ''
    this.#draw()
  }

  #draw(): void {
    const share = Math.min(1, this.#total === 0 ? 1 : this.#done / this.#total)
    const filled = Math.round(share * WIDTH)
    const bar = '#'.repeat(filled).padEnd(WIDTH, '-')
    const text = `[${bar}] ${Math.floor(share * 100)} %, ${this.#done} of ${this.#total}`
    // Each percent once: a terminal is slower than the work.
    const percent = `${Math.floor(share * 100)}`
    if (this.#screen.isTTY !== true || percent === this.#drawn) return
    this.#drawn = percent
    this.#screen.write(`\r${text}`)
  }

  /** Leaves the line as it is. */
  end(): void {
    if (this.#screen.isTTY === true) this.#screen.write('\n')
  }
}

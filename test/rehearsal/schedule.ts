interface Result {
  readonly name: string
  readonly seconds: number
  readonly hasPassed: boolean
}

/** Runs steps one after the other and says how each went. */
export class Schedule {
  readonly #results: Result[] = []
  /** Of the last step that failed. */
  failure: unknown

  /** @returns undefined for a step that failed. */
  async run<T>(name: string, step: () => Promise<T>): Promise<T | undefined> {
    const startedAt = performance.now()
    const end = (hasPassed: boolean) => {
      const seconds = (performance.now() - startedAt) / 1000
      this.#results.push({ name, seconds, hasPassed })
      console.log(`${hasPassed ? 'ok' : 'not ok'} - ${name} (${seconds.toFixed(1)} s)`)
    }
    try {
      const result = await step()
      end(true)
      return result
    } catch (error) {
      this.failure = error
      end(false)
      console.log(indented((error as Error).stack ?? String(error)))
      return undefined
    }
  }

  /** Prints a table of the steps, and counts as tap does. @returns whether all have passed. */
  finish(): boolean {
    const width = Math.max(...this.#results.map(({ name }) => name.length))
    console.log('')
    for (const { name, seconds, hasPassed } of this.#results) {
      const result = hasPassed ? 'passed' : 'FAILED'
      console.log(`${name.padEnd(width)}  ${result}  ${seconds.toFixed(1).padStart(6)} s`)
    }
    const total = this.#results.length
    const pass = this.#results.filter(({ hasPassed }) => hasPassed).length
    const all = this.#results.reduce((sum, { seconds }) => sum + seconds, 0)
    console.log(`${'all'.padEnd(width)}          ${all.toFixed(1).padStart(6)} s\n`)
    console.log(`# { total: ${total}, pass: ${pass}, fail: ${total - pass} }`)
    return pass === total
  }
}

const indented = (text: string): string => text.replaceAll(/^/gm, '    ')

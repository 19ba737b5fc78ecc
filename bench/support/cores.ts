import { spawnSync } from 'node:child_process'

export interface Cores {
  readonly server: number
  readonly load: number
}

/** Two cores that this process may use; a sentence that says why not where there are none to choose. */
export function findCores(): Cores | string {
  const { status, stdout } = taskset('-c', '-p', String(process.pid))
  if (status !== 0) return 'no taskset (util-linux) is here'
  const [server, load] = parseList(/: (\S+)\s*$/.exec(stdout)?.[1] ?? '')
  if (server === undefined || load === undefined) return 'there is one core only'
  return { server, load }
}

/** Keeps this process on one core, and what it starts from now on. */
export function pinTo(core: number): void {
  const { status, stderr } = taskset('-a', '-c', '-p', String(core), String(process.pid))
  if (status !== 0) throw new Error(`taskset failed: ${stderr}`)
}

const taskset = (...args: readonly string[]) => spawnSync('taskset', args, { encoding: 'utf8' })

/** Of taskset's `0,2-5`. */
const parseList = (list: string): number[] =>
  list.split(',').flatMap((part) => {
    const [first = NaN, last = first] = part.split('-').map(Number)
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)
  })

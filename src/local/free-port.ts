import { type AddressInfo, createServer } from 'node:net'

const TRIES = 10

/** A port that was free a moment ago, on every one of the addresses that this machine has. */
export async function freePort(...[first, ...others]: [string, ...string[]]): Promise<number> {
  for (let tries = 1; ; tries++) {
    const port = await probePort(first, 0)
    try {
      for (const host of others) await probePort(host, port)
      return port
    } catch (error) {
      if (isMissing(error)) return port
      if (tries === TRIES) throw error
    }
  }
}

/** Whether an address can't be listened on since the machine has none such, e.g. no IPv6. */
export const isMissing = (error: unknown): boolean =>
  ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes((error as NodeJS.ErrnoException).code ?? '')

/** Listens for a moment. @returns the port, which is any free one for 0. @throws {NodeJS.ErrnoException} */
export function probePort(host: string, wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(wanted, host, () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

import type { Connection } from './connection.js'

/**
 * Each connection sends its next request when it has the answer to the last. This process never sleeps
 * meanwhile: waking it would be work of the server's, and the more of it the slower the server is.
 */
export async function load(
  connections: readonly Connection[],
  requests: readonly Buffer[],
  deadline: number,
): Promise<number> {
  let sent = 0
  const drive = async (connection: Connection) => {
    while (performance.now() < deadline) {
      const { status } = await connection.exchange(requests[sent++ % requests.length] as Buffer)
      if (status !== 200) throw new Error(`A genuine credential was answered with ${status}`)
    }
  }
  const stayAwake = () => {
    if (performance.now() < deadline) setImmediate(stayAwake)
  }
  stayAwake()
  await Promise.all(connections.map(drive))
  return sent
}

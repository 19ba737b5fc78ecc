/** How long another tab may hold the lock: one that the browser has frozen holds it for good. */
const PATIENCE_MS = 5_000

interface LockManager {
  request<T>(name: string, options: { signal: AbortSignal }, task: () => Promise<T>): Promise<T>
}

/**
 * Runs a task while no other tab does, by Web Locks where there are any (browsers, Node 24). A lock that
 * can't be had is gone without: the task must bear to run twice.
 */
export async function exclusively<T>(name: string, task: () => Promise<T>): Promise<T> {
  const { navigator } = globalThis as { navigator?: { locks?: LockManager } }
  if (!navigator?.locks) return task()
  let running: Promise<T> | undefined
  const enter = (): Promise<T> => (running = task())
  try {
    return await navigator.locks.request(name, { signal: AbortSignal.timeout(PATIENCE_MS) }, enter)
  } catch {
    return running ?? task()
  }
}

/** A name for a lock that tells nothing of a secret to who lists locks. */
export async function lockName(secret: string): Promise<string> {
  const { subtle } = globalThis.crypto as { subtle?: typeof globalThis.crypto.subtle }
  // Pages without TLS have neither this nor locks.
  if (!subtle) return 'latchkey'
  const digest = new Uint8Array(await subtle.digest('SHA-256', new TextEncoder().encode(secret)))
  return `latchkey:${Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

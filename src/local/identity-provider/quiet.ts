/** That it runs on Node 20, and keeps all in memory: right for who serves others, and meant so here. */
const EXPECTED = ['oidc-provider WARNING: Unsupported runtime', 'in-memory adapter is used']

/** Loads `oidc-provider` without its two warnings for production; any other comes through. */
export async function withoutExpectedWarnings<T>(load: () => Promise<T>): Promise<T> {
  const { warn } = console
  console.warn = (...said: unknown[]) => {
    if (!EXPECTED.some((words) => String(said[0]).includes(words))) warn(...said)
  }
  try {
    return await load()
  } finally {
    console.warn = warn
  }
}

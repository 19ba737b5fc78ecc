/**
 * The results of what runs at once, when all of it is over. `Promise.all` alone leaves with the first failure,
 * and what still runs after the answer is frozen with its function.
 */
export async function settleAll<T extends readonly unknown[] | []>(
  work: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(work)
  return Promise.all(work)
}

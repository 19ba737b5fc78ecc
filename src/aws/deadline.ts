/** What of Lambda's context a deadline needs. */
export interface RemainingTime {
  getRemainingTimeInMillis(): number
}

/** Kept back for the answer's own way out, milliseconds. */
const RESERVE_MS = 500

/**
 * The work's outcome, or `late` shortly before Lambda would end the function: an answer that says when to
 * come back is worth more than API Gateway's own 503 without a word.
 */
export async function beforeDeadline<T>(
  work: Promise<T>,
  context: RemainingTime,
  late: T,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<T>((resolve) => {
    timer = setTimeout(
      () => resolve(late),
      Math.max(0, context.getRemainingTimeInMillis() - RESERVE_MS),
    )
  })
  try {
    return await Promise.race([work, deadline])
  } finally {
    clearTimeout(timer)
  }
}

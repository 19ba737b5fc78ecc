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
export const beforeDeadline = <T>(work: Promise<T>, context: RemainingTime, late: T): Promise<T> =>
  within(Math.max(0, context.getRemainingTimeInMillis() - RESERVE_MS), work, late)

/** The work's outcome, or `late` when it takes longer. The work itself goes on. */
export async function within<T>(milliseconds: number, work: Promise<T>, late: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(late), milliseconds)
  })
  try {
    return await Promise.race([work, deadline])
  } finally {
    clearTimeout(timer)
  }
}

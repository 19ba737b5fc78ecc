/** Times of two kinds of requests, pair by pair as they were taken. */
export interface Pairs {
  readonly one: readonly number[]
  readonly other: readonly number[]
}

interface Rule {
  readonly threshold: number
  /** Whether what takes longer is taken for `one`. */
  readonly isOneSlower: boolean
}

/**
 * How often the time of one answer tells which kind it is: a threshold is chosen that is best for every second pair,
 * and judged by those between. 0.5 is chance.
 */
export function rightShare({ one, other }: Pairs): number {
  const half = (times: readonly number[], rest: 0 | 1) =>
    times.filter((_, index) => index % 2 === rest)
  const rule = train({ one: half(one, 0), other: half(other, 0) })
  return judge(rule, { one: half(one, 1), other: half(other, 1) })
}

function train({ one, other }: Pairs): Rule {
  const all = [
    ...one.map((time) => ({ time, step: 1 })),
    ...other.map((time) => ({ time, step: -1 })),
  ].sort((a, b) => a.time - b.time)
  let lead = 0
  let best = { lead: 0, threshold: 0 }
  for (const { time, step } of all) {
    lead += step
    if (Math.abs(lead) > Math.abs(best.lead)) best = { lead, threshold: time }
  }
  return { threshold: best.threshold, isOneSlower: best.lead < 0 }
}

function judge({ threshold, isOneSlower }: Rule, { one, other }: Pairs): number {
  const slower = (times: readonly number[]) => times.filter((time) => time > threshold).length
  const right = isOneSlower
    ? slower(one) + other.length - slower(other)
    : one.length - slower(one) + slower(other)
  return right / (one.length + other.length)
}

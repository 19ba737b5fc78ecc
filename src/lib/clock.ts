/** Milliseconds since the epoch. Passed in wherever a rule depends on time, so that tests own it. */
export type Clock = () => number

export const systemClock: Clock = () => Date.now()

/** DynamoDB TTL attributes and JWT NumericDates are whole seconds; rounding up never expires early. */
export const epochSeconds = (milliseconds: number): number => Math.ceil(milliseconds / 1000)

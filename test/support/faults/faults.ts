import { bounds } from '../bounds.js'
import { type EngineCall, type Fate, type OwnAnswer, refusal } from '../proxy.js'

/** What becomes of one call of a request to the store. */
export interface Fault {
  /** @param attempt at the call, from 1. */
  readonly fate: (attempt: number, call: EngineCall) => Fate
  /** The calls that it is tried at, and those without `--full`. */
  readonly at: Choice
  readonly boundedAt: Choice
}

export type NamedFaults = Readonly<Record<string, Fault>>

/** Where a call is among those of a request. */
interface Place {
  readonly isFirst: boolean
  readonly isWrite: boolean
  readonly isLastWrite: boolean
}

type Choice = (place: Place) => boolean

const anywhere: Choice = () => true
const nowhere: Choice = () => false
const writes: Choice = ({ isWrite }) => isWrite
const lastWrite: Choice = ({ isLastWrite }) => isLastWrite
const firstAndWrites: Choice = ({ isFirst, isWrite }) => isFirst || isWrite
const firstAndLastWrite: Choice = ({ isFirst, isLastWrite }) => isFirst || isLastWrite

/** Calls and answers that get lost. The answer to a read says all that it does, so that it is not lost. */
export const LOSSES: NamedFaults = {
  /** None of three attempts gets through. */
  'is not made': { fate: () => 'fail', at: anywhere, boundedAt: firstAndWrites },
  /** All of them do, and no answer comes back. */
  'is made, unanswered': { fate: () => 'lose-answer', at: writes, boundedAt: lastWrite },
  /** The first is made, and the second finds what it has done. */
  'is answered the second time': {
    fate: (attempt) => (attempt === 1 ? 'lose-answer' : 'pass'),
    ...{ at: writes, boundedAt: nowhere },
  },
}

/** A store that has no capacity left, or no time. */
export const DELAYS: NamedFaults = {
  'is throttled': { fate: () => 'throttle', at: anywhere, boundedAt: anywhere },
  'is throttled as all calls of the account are': {
    fate: () => refusal('RequestLimitExceeded'),
    ...{ at: anywhere, boundedAt: firstAndLastWrite },
  },
  'is throttled once': {
    fate: (attempt, call) => (attempt === 1 ? throttled(call) : 'pass'),
    ...{ at: anywhere, boundedAt: anywhere },
  },
  'is too slow': { fate: () => 'hang', at: anywhere, boundedAt: firstAndLastWrite },
  'is made, and answered too late': {
    fate: () => 'keep-answer',
    ...{ at: writes, boundedAt: lastWrite },
  },
  'is made, and answered in time when it is asked again': {
    fate: (attempt) => (attempt === 1 ? 'keep-answer' : 'pass'),
    ...{ at: writes, boundedAt: writes },
  },
}

/** A transaction says of each of its parts what stopped it. */
function throttled({ operation, body }: EngineCall): OwnAnswer {
  if (operation !== 'TransactWriteItems') return refusal('ThrottlingException')
  const { TransactItems } = JSON.parse(body) as { readonly TransactItems: readonly unknown[] }
  const CancellationReasons = TransactItems.map((_, index) => ({
    Code: index === 0 ? 'ThrottlingError' : 'None',
  }))
  return refusal('TransactionCanceledException', { CancellationReasons })
}

const WRITES = /^(Put|Update|Delete|TransactWrite)/

/**
 * @param at number of a call, from 1.
 * @param operations of the request, in order.
 */
export function isTried(
  { at: all, boundedAt }: Fault,
  at: number,
  operations: readonly string[],
): boolean {
  const isWrite = (operation = '') => WRITES.test(operation)
  const isChosen = bounds.isFull ? all : boundedAt
  return isChosen({
    isFirst: at === 1,
    isWrite: isWrite(operations[at - 1]),
    isLastWrite: at === operations.findLastIndex(isWrite) + 1,
  })
}

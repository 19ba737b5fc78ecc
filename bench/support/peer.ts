/** What one user asks, and what shows that the answer is theirs. It crosses processes as JSON. */
export interface Call {
  /** Such as `GET /api/protected`. */
  readonly line: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** The part of the call that opens the door, which a baseline without a door lacks. */
  readonly credential?: string
  /** What the answer has to contain. */
  readonly holds: string
}

/** A server that listens, and what may be asked of it. */
export interface Scene {
  readonly port: number
  readonly calls: readonly Call[]
  /** How it refuses a wrong credential; 401 unless a standard asks for another status. */
  readonly refusal?: number
  /** The member of an answer that is the credential of the next call. */
  readonly successor?: string
}

/**
 * A file of `own/` or `peers/`: by name, what starts each of its servers. It gets the number of calls that will be made, where each
 * needs a credential that no call before has used.
 */
export type Peer = Readonly<Record<string, (calls: number) => Promise<Scene>>>

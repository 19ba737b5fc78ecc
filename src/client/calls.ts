import type {
  Client,
  ClientPathsWithMethod,
  MaybeOptionalInit,
  MethodResponse,
} from 'openapi-fetch'
import type { paths } from './api.js'

export type Method = 'get' | 'post' | 'patch' | 'delete'

/** May be left out where nothing in it is required. */
type Rest<Init> = undefined extends Init ? [init?: Init] : [init: Init]

/**
 * One call of the contract: `params` fill the path, `body` is sent as JSON, `signal` gives up.
 * @returns the body of the answer; undefined where it has none.
 * @throws {LatchkeyError}
 */
export type Call<M extends Method> = <Path extends ClientPathsWithMethod<Client<paths>, M>>(
  path: Path,
  ...init: Rest<MaybeOptionalInit<paths[Path], M>>
) => Promise<MethodResponse<Client<paths>, M, Path>>

/** The part of React, 18 and 19, that `react.ts` uses: the service itself has no need of React's own types. */
declare module 'react' {
  export function useEffect(effect: () => () => void, dependencies: readonly unknown[]): void
  export function useState<State>(initial: State): [State, (state: State) => void]
  export function useSyncExternalStore<Snapshot>(
    subscribe: (changed: () => void) => () => void,
    snapshot: () => Snapshot,
    serverSnapshot: () => Snapshot,
  ): Snapshot
}

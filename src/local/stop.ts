/** Ends the process in good order, by a signal or with its engine. */
export function stopWhenAsked(stop: () => Promise<void>, engineExited: Promise<void>): void {
  let stopping = false
  const end = async (exitCode: number) => {
    stopping = true
    await stop()
    process.exit(exitCode)
  }
  const onSignal = () => {
    // A second Ctrl-C does not wait for open requests.
    if (stopping) process.exit(1)
    void end(0)
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  void engineExited.then(() => {
    if (stopping) return
    console.error('The embedded DynamoDB has ended; stopping.')
    void end(1)
  })
}

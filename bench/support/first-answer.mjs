/**
 * Node as Lambda uses it: loads the handler of a bundle and gives it one event. Prints the status of its
 * answer and what the process has grown to, in kilobytes, and ends.
 */
const [, , bundle, event] = process.argv
const { handler } = await import(bundle)
const answer = await handler(JSON.parse(event), { getRemainingTimeInMillis: () => 10_000 })
const said = { status: answer.statusCode ?? 200, isAuthorized: answer.isAuthorized }
const residentKilobytes = Math.round(process.memoryUsage.rss() / 1000)
process.stdout.write(`${JSON.stringify({ ...said, residentKilobytes })}\n`, () => process.exit())

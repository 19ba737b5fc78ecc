import { createInterface } from 'node:readline'

/** Answers events, one a line of standard input, through descriptor 3. */
const { handler } = await import(process.argv[2])
const { writeSync } = process.getBuiltinModule('node:fs')

for await (const line of createInterface({ input: process.stdin })) {
  const answer = await handler(JSON.parse(line), { getRemainingTimeInMillis: () => 60_000 })
  writeSync(3, `${JSON.stringify(answer)}\n`)
}

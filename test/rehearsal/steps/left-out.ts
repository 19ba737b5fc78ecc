import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
} from '@aws-sdk/client-cloudformation'
import { LEFT_OUT, type LeftOut } from '../left-out.js'
import type { Rehearsal } from '../rehearsal.js'

/** What is left out of the rehearsal is still refused by the emulator; once it is taken, it must not be left out. */
export async function leftOut(rehearsal: Rehearsal): Promise<void> {
  for (const [index, entry] of LEFT_OUT.entries()) {
    await tryAlone(rehearsal, `LeftOut${index}`, entry)
  }
}

async function tryAlone(
  rehearsal: Rehearsal,
  StackName: string,
  { what, error, example }: LeftOut,
): Promise<void> {
  const reasons = await reasonsOf(rehearsal, StackName, example)
  if (reasons.some((reason) => error.test(reason))) return
  throw new Error(
    `The emulator does not refuse ${what} with ${error} any more. Rehearse it, and remove it from left-out.ts. It says: ${reasons.join(' ')}`,
  )
}

/** Deploys one resource. @returns what the emulator says of it. */
async function reasonsOf(
  rehearsal: Rehearsal,
  StackName: string,
  example: LeftOut['example'],
): Promise<string[]> {
  const { cloudFormation } = rehearsal
  const TemplateBody = JSON.stringify({ Resources: { Example: example } })
  try {
    await cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody }))
  } catch (error) {
    return [String(error)]
  }
  await rehearsal.statusOf(StackName)
  const { StackEvents = [] } = await cloudFormation.send(
    new DescribeStackEventsCommand({ StackName }),
  )
  await cloudFormation.send(new DeleteStackCommand({ StackName }))
  return StackEvents.map(({ ResourceStatusReason }) => ResourceStatusReason ?? '')
}

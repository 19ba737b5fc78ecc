import { readDocument } from './documents.js'

/** What a section has, in this order. */
export const PARTS = ['What it means', 'Look', 'Do', 'It is over when'] as const

export interface AlarmSection {
  /** The alarm's name in lower case, by which descriptions of alarms lead here. */
  readonly name: string
  readonly text: string
  /** The lines of its shell block. */
  readonly commands: readonly string[]
}

const commandsOf = (text: string): string[] => {
  const [, block = ''] = /^```sh\n([^]*?)^```/m.exec(text) ?? []
  return block.split('\n').filter((line) => line.trim() !== '')
}

/** A section of docs/runbook.md, without its heading. */
export function runbookSection(section: string): string {
  const [, text = ''] = readDocument('docs/runbook.md').split(`\n## ${section}\n`)
  return text.split('\n## ')[0] ?? ''
}

/** The sections of alarms. Those of incidents have titles of several words. */
export function alarmSections(): AlarmSection[] {
  const headings = [...readDocument('docs/runbook.md').matchAll(/^## ([a-z]+)$/gm)]
  return headings.map(([, name = '']) => {
    const text = runbookSection(name)
    return { name, text, commands: commandsOf(text) }
  })
}

/** What looks up names, and what the commands of the sections are made of. */
export const preparation = (): string => commandsOf(runbookSection('Before you look')).join('\n')

/** Whether the emulator has nothing that a command could ask for. */
export const isOfAwsOnly = (command: string): boolean => /# AWS only\b/.test(command)

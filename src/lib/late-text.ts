/**
 * The text of a schema's `description` or `summary`, its example, or the text of an event's `meaning`. Ask for it where
 * people read it: a bundle has a name in its place, and the text in a file that no start reads
 * (`infra/bundle/late-texts.ts`).
 */
export const textOf = (text: string): string => text

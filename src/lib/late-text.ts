/**
 * The text of a schema's `description` or `summary`. Ask for it where people read it: in a bundle the schema has a
 * name in its place, and the text is in a file that no start reads (`infra/bundle/late-texts.ts`).
 */
export const textOf = (text: string): string => text

/** What a mail is made of; each part of it is in the text and in the HTML. */
export type Block =
  | { readonly is: 'paragraph'; readonly text: string }
  /** Labels and values. */
  | { readonly is: 'facts'; readonly rows: readonly (readonly [label: string, value: string])[] }
  | { readonly is: 'code'; readonly label: string; readonly code: string }
  | { readonly is: 'link'; readonly label: string; readonly href: string; readonly isMain: boolean }

/** A mail before it is laid out. */
export interface Letter {
  /** BCP 47. */
  readonly language: string
  readonly subject: string
  readonly blocks: readonly Block[]
  /** What stands below a line. */
  readonly foot: readonly Block[]
}

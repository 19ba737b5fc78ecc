/** The words of a list that has spaces between them, each once (RFC 6749 §3.3). */
export const wordsOf = (text: string): string[] => [
  ...new Set(text.split(' ').filter((word) => word !== '')),
]

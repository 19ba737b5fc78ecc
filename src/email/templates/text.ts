import type { Block, Letter } from './blocks.js'

/** A mail as plain text, with all that the HTML has. */
export const textOf = ({ blocks, foot }: Letter): string =>
  `${paragraphs(blocks)}\n\n-- \n${paragraphs(foot)}\n`

const paragraphs = (blocks: readonly Block[]): string => blocks.map(paragraphOf).join('\n\n')

function paragraphOf(block: Block): string {
  switch (block.is) {
    case 'paragraph':
      return block.text
    case 'facts':
      return block.rows.map(([label, value]) => `${label}: ${value}`).join('\n')
    case 'code':
      return `${block.label}: ${block.code}`
    case 'link':
      return `${block.label}:\n${block.href}`
  }
}

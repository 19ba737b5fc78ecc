import { readFileSync } from 'node:fs'

/** Words that make a reader read twice, and what to write instead. */
const WORDS = [
  [/\b(nobody|somebody|anybody|everybody)\b/i, 'name the person or thing, or “no one”, “anyone”'],
  [/\b(whoever|whomever|whatever)\b/i, 'give the clause a noun: “a person who”, “any”'],
  [/\bthemself\b/i, 'write “themselves”, or name the person'],
  [/\bshall\b/i, 'write “must”, “should” or the present tense'],
  [/\banew\b/i, 'write “again”'],
  [/\bmend(s|ed|ing)?\b/i, 'write “fix”'],
  [/\bthereby\b/i, 'write “so” or “by this”'],
  [/\bhears? (?!back\b)/i, 'a caller “gets” a 401, an operator “is told”'],
  [/\bstands? in\b/i, 'settings “are in” a file, a stub “replaces” a module'],
  [/\b(is|are|being|was|were) away\b/i, 'a store “is unavailable”, a provider “does not answer”'],
]

/** Code and quotations are not ours to word. */
const NOT_PROSE = [/`[^`]*`/g, /“[^”]*”/g, /"[^"]*"/g]

/**
 * @param {string} text
 * @returns {{ word: string, instead: string }[]} each listed word in it.
 */
function faultsOf(text) {
  const prose = NOT_PROSE.reduce((rest, pattern) => rest.replaceAll(pattern, '…'), text)
  return WORDS.flatMap(([pattern, instead]) => {
    const [word] = pattern.exec(prose) ?? []
    return word === undefined ? [] : [{ word: word.trim(), instead }]
  })
}

/** An ESLint rule for comments and for strings of more than one word. */
const rule = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { word: 'Plain English: instead of “{{word}}” {{instead}}.' },
  },
  create(context) {
    const check = (node, text) => {
      for (const data of faultsOf(text)) context.report({ loc: node.loc, messageId: 'word', data })
    }
    const checkProse = (node, text) => {
      if (/\s/.test(text.trim())) check(node, text)
    }
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) check(comment, comment.value)
      },
      Literal(node) {
        if (typeof node.value === 'string') checkProse(node, node.value)
      },
      TemplateElement: (node) => checkProse(node, node.value.cooked ?? ''),
      JSXText: (node) => checkProse(node, node.value),
    }
  },
}

export const plainEnglish = { rules: { words: rule } }

/**
 * @param {string} path of a Markdown file. What a changelog says of released versions is history.
 * @returns {string[]} a line for each listed word, as a compiler prints it.
 */
export function checkDocument(path) {
  let isCode = false
  let sections = 0
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      if (line.startsWith('```')) isCode = !isCode
      if (line.startsWith('## ')) sections += 1
      if (isCode || (path.endsWith('CHANGELOG.md') && sections > 1)) return []
      return faultsOf(line).map(
        ({ word, instead }) => `${path}:${index + 1} instead of “${word}” ${instead}.`,
      )
    })
}

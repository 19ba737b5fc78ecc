/** One line of a CSV file, by the names in its first line. */
export type Fields = Readonly<Record<string, string>>

/** A field is quoted or has neither comma nor quote; a quote inside is written twice (RFC 4180 §2). */
const FIELD = /(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/y

/**
 * Reads a CSV file of one line each.
 * @throws Error for a line with more or fewer fields than the first one.
 */
export function parseCsv(text: string): Fields[] {
  const [names = [], ...lines] = text.trimEnd().split('\n').map(fieldsOf)
  return lines.map((fields) => {
    if (fields.length !== names.length) throw new Error(`${fields.length} fields: ${fields.join()}`)
    return Object.fromEntries(names.map((name, index) => [name, fields[index] ?? '']))
  })
}

function fieldsOf(line: string): string[] {
  const fields: string[] = []
  for (FIELD.lastIndex = 0; ;) {
    const found = FIELD.exec(line)
    if (!found) throw new Error(`no CSV: ${line}`)
    const [, quoted, plain = '', end] = found
    fields.push(quoted?.replaceAll('""', '"') ?? plain)
    if (end === '') return fields
  }
}

/** As many wrong letters as a hint may have, of three. */
const MOST_OF_NAME = 1 / 3

/**
 * The sentence that ends the refusal of a name that there is not.
 * @param known names that there are.
 */
export function hintFor(name: string, known: readonly string[]): string {
  const [nearest] = known
    .map((candidate) => ({ candidate, distance: distanceOf(plain(name), plain(candidate)) }))
    .filter(({ candidate, distance }) => distance <= Math.max(2, candidate.length * MOST_OF_NAME))
    .sort((one, other) => one.distance - other.distance)
  return nearest ? `Did you mean ${nearest.candidate}` : `There are ${known.join(', ')}`
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')

/** Letters to add, take away or change (Levenshtein). */
function distanceOf(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (const [i, letter] of one.split('').entries()) {
    const next = [i + 1]
    for (const [j, wanted] of other.split('').entries()) {
      const changed = (row[j] ?? 0) + (letter === wanted ? 0 : 1)
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

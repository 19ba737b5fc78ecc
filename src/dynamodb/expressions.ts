type Attributes = Readonly<Record<string, unknown>>

/** Condition that the attributes are what they were, absent ones included. */
export function asRead(attributes: Attributes) {
  const entries = Object.entries(attributes)
  const present = entries.filter(([, value]) => value !== undefined)
  return {
    ConditionExpression: entries
      .map(([name, value]) =>
        value === undefined ? `attribute_not_exists(#${name})` : `#${name} = :${name}`,
      )
      .join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(entries.map(([name]) => [`#${name}`, name])),
    ...(present.length > 0 && {
      ExpressionAttributeValues: Object.fromEntries(
        present.map(([name, value]) => [`:${name}`, value]),
      ),
    }),
  }
}

/**
 * The expressions of an update that is made while an item is what it was.
 * @param read attributes that must still be so.
 * @param next what is set, and where it is undefined, removed.
 * @param counter an attribute that rises by one.
 */
export function changeOf(read: Attributes, next: Attributes, counter: string) {
  const condition = asRead(read)
  const entries = Object.entries(next)
  const sets = entries.filter(([, value]) => value !== undefined)
  const removed = entries.filter(([, value]) => value === undefined)
  const actions = [
    ...(sets.length > 0 ? [`SET ${sets.map(([name]) => `#${name} = :new${name}`).join()}`] : []),
    ...(removed.length > 0 ? [`REMOVE ${removed.map(([name]) => `#${name}`).join()}`] : []),
    `ADD #${counter} :one`,
  ]
  return {
    UpdateExpression: actions.join(' '),
    ConditionExpression: condition.ConditionExpression,
    ExpressionAttributeNames: {
      ...condition.ExpressionAttributeNames,
      ...Object.fromEntries(
        [...entries.map(([name]) => name), counter].map((name) => [`#${name}`, name]),
      ),
    },
    ExpressionAttributeValues: {
      ...condition.ExpressionAttributeValues,
      ...Object.fromEntries(sets.map(([name, value]) => [`:new${name}`, value])),
      ':one': 1,
    },
  }
}

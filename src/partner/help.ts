export const CALL_EXAMPLES = `
Examples:
  latchkey call /api/data
  latchkey call /orders -d '{"item":"tea"}'
  latchkey call /orders/17 -X PUT -d @order.json -H 'If-Match: "3"'`

export const ROTATE_HELP = `
Only the newest key rotates. After an answer that was lost, the key that asked may ask again for ten minutes;
with --overlap 0 it has stopped by then, and only its owner can help.

Example:
  latchkey rotate > new-key.txt`

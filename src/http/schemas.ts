import * as Type from 'typebox'
import { MAX_OVERLAP_SECONDS } from '../lib/overlap.js'

/** What the rotation of a secret may be asked, that of an API key or of an app. */
export const RotateBody = Type.Union([
  Type.Object(
    {
      overlapSeconds: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: MAX_OVERLAP_SECONDS,
          description: 'How long the old secret goes on working; a day unless said otherwise',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  Type.Null(),
])

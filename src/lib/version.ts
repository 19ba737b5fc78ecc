import manifest from 'latchkey/package.json' with { type: 'json' }

export const VERSION = manifest.version

import manifest from '../../packages/latchkey/package.json' with { type: 'json' }

/** The service and the package are released together. */
export const VERSION = manifest.version

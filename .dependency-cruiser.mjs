/** One request takes one way down: entry, app, plugin or feature, store, DynamoDB. Nothing points up. */
const FEATURES =
  'users|sessions|factors|sign-in|administration|social|oauth|pages|keyring|api-keys|resources|health|cloud-events'

/** Of a feature's files those that take requests, or a type from the app; all others are rules, words, stores. */
const SPEAKS_HTTP = [
  '/(plugin|guards?)\\.ts$',
  '(routes|actions)\\.ts$',
  '^src/sessions/(current|delivery)\\.ts$',
  '^src/api-keys/leaks\\.ts$',
  '^src/api-keys/verification/hooks\\.ts$',
  '^src/sign-in/half-way-flow\\.ts$',
  '^src/oauth/(client-authentication|discovery|errors|introspect|revoke)\\.ts$',
  '^src/social/(code-flow|ending|flow-cookies|freeing)\\.ts$',
  '^src/pages/kit/(context|factor-proof|forms|page-session|refusals|returning|mail-flow)\\.tsx?$',
  '^src/pages/(clients|keys)/form\\.ts$',
  '^src/pages/\\w[\\w-]*/page\\.tsx?$',
]

/** A folder imports from the levels before its own. `plugins` sits beside `http`, and wraps what is below it. */
const LEVELS = [
  ['lib'],
  ['events'],
  ['http'],
  ['dynamodb'],
  ['keyring'],
  ['tickets', 'limits', 'access-tokens'],
  ['email'],
  ['users'],
  ['sessions'],
  ['factors'],
  ['sign-in', 'administration', 'imports'],
  ['social', 'api-keys', 'oauth', 'audit'],
  ['cloud-events'],
  ['personal-data'],
  ['resources', 'health', 'pages', 'restoration'],
]

const order = LEVELS.flatMap((level, index) =>
  level.map((folder) => ({
    name: `${folder}-knows-what-comes-before-it`,
    severity: 'error',
    from: { path: `^src/${folder}/` },
    to: {
      path: `^src/(${LEVELS.slice(index).flat().join('|')})/`,
      pathNot: [`^src/${folder}/`, '^src/api-keys/verification/'],
    },
  })),
)

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...order,
    {
      name: 'plugins-have-no-business-rules',
      severity: 'error',
      from: { path: '^src/plugins/' },
      to: {
        path: `^src/(${FEATURES}|local|entry)/|^src/app|^src/config/`,
        pathNot: '^src/api-keys/verification/',
      },
    },
    {
      name: 'nothing-points-up',
      severity: 'error',
      from: { path: `^src/(${FEATURES}|dynamodb)/` },
      to: { path: '^src/(entry|local)/|^src/app|^src/config/' },
    },
    {
      name: 'dynamodb-is-the-bottom',
      severity: 'error',
      from: { path: '^src/dynamodb/' },
      to: { path: `^src/(${FEATURES}|plugins|entry|local)/|^src/app|^src/config/` },
    },
    {
      name: 'rules-know-no-fastify-and-no-aws',
      severity: 'error',
      from: { path: `^src/(${FEATURES})/`, pathNot: SPEAKS_HTTP },
      to: { path: 'node_modules/(fastify|@fastify|@aws-sdk|@aws-lambda-powertools)/' },
    },
    {
      name: 'the-client-knows-nothing-of-node',
      severity: 'error',
      from: { path: '^src/client/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'only-dynamodb-aws-and-local-speak-to-aws',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(dynamodb|aws|local)/' },
      to: { path: 'node_modules/@aws-sdk/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'entries-are-wiring',
      severity: 'error',
      from: { pathNot: '^src/entry/|^test/' },
      to: { path: '^src/entry/' },
    },
    {
      name: 'no-test-code-in-src',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench|infra|examples)/' },
    },
    {
      name: 'the-service-runs-without-dev-packages',
      severity: 'error',
      // React is a peer of the package, and of nothing that runs in the service.
      from: { path: '^(src|infra)/', pathNot: '^src/client/react\\.ts$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-undeclared-packages',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    // test/runtime has a package.json of its own beside the root's.
    combinedDependencies: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
}

import { execFile } from 'node:child_process'
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pLimit from 'p-limit'
import t from 'tap'
import { bundle, FUNCTIONS } from '../../infra/bundle/bundle.js'
import type { FunctionName } from '../../infra/constructs/function-folder.js'
import { temporaryFolder } from '../support/engine.js'
import { NO_COVERAGE } from '../support/process.js'

const REPOSITORY = join(import.meta.dirname, '../..')

/** Each kind of check. `test/infra/refusals.ts` has all sentences, asked of what the CLI runs. */
const REFUSALS: readonly (readonly [settings: unknown, sentence: RegExp, region?: string])[] = [
  ['{"audience": "a",}', /^latchkey\.json must be JSON, and is none at line 1, column 18\.$/],
  [{ corsOrigin: [] }, /^corsOrigin is no setting\. Did you mean corsOrigins\.$/],
  [{ throttle: { rate: 1 } }, /^throttle\.burst is missing: it must be a whole number/],
  [{ socialSignIn: 'false' }, /^socialSignIn must be true or false\.$/],
  [{ encryptionKeyArn: 'abc' }, /^encryptionKeyArn must be the ARN of a KMS key, such as /],
  [{ passkeys: true }, /^passkeys can only be true with `customDomain`: /],
  [{ cloudFront: {} }, /^cloudFront\.webAclArn must be given: .* eu-west-1\.$/, 'eu-west-1'],
  [{ environment: { PASSWORD_MIN_LENGTH: '3' } }, /^environment\.PASSWORD_MIN_LENGTH: must be >=/],
  [
    { environment: { PASSWORD_MINLENGTH: '15' } },
    /^environment\.PASSWORD_MINLENGTH is no variable/,
  ],
  [{ audience: 'https://orders.example.com' }, /^audience: https:\/\/orders.* names an API\. Move/],
]

t.before(() => Promise.all((Object.keys(FUNCTIONS) as FunctionName[]).map(bundle)))

/** A folder with `latchkey.json`, in which the CLI finds all else. */
function folderWith(settings: unknown): string {
  const folder = temporaryFolder()
  for (const name of ['infra', 'src', 'node_modules', 'package.json', 'tsconfig.json']) {
    symlinkSync(join(REPOSITORY, name), join(folder, name))
  }
  // Without `build`, which would bundle the functions again and again.
  const { app, context } = JSON.parse(
    readFileSync(join(REPOSITORY, 'cdk.json'), 'utf8'),
  ) as object & Record<string, unknown>
  writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ app, context }))
  const written = typeof settings === 'string' ? settings : JSON.stringify(settings)
  writeFileSync(join(folder, 'latchkey.json'), written)
  return folder
}

/** `npm run synth`. */
function synthesize(cwd: string, region: string | undefined) {
  const cdk = join(REPOSITORY, 'node_modules/.bin/cdk')
  const env = {
    ...Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(AWS|CDK)_/.test(name)),
    ),
    ...NO_COVERAGE,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    ...(region !== undefined && { AWS_REGION: region }),
  }
  return new Promise<{ code: unknown; output: string }>((resolve) => {
    const args = ['synth', '--quiet', '--no-notices', '--no-color']
    execFile(cdk, args, { cwd, env }, (error, out, said) => {
      resolve({ code: error?.code ?? 0, output: out + said })
    })
  })
}

t.test('cdk synth answers a wrong setting with one sentence, and no stack', async (t) => {
  const atOnce = pLimit(2)
  const runs = REFUSALS.map(([settings, sentence, region]) =>
    atOnce(async () => {
      const { code, output } = await synthesize(folderWith(settings), region)
      const lines = output.split('\n').filter((line) => line.trim() !== '')
      t.equal(code, 1, `${sentence}: ${output}`)
      t.equal(lines.filter((line) => sentence.test(line)).length, 1, output)
      t.notMatch(output, /^\s+at .*[:(]|\bError:|SettingsError|node:internal/m, 'no stack')
      t.ok(lines.length <= 2, `and the CLI's own line: ${output}`)
    }),
  )
  await Promise.all(runs)
})

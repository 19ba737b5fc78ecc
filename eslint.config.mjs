import { existsSync } from 'node:fs'
import security from 'eslint-plugin-security'
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'
import { plainEnglish } from './lint/plain-english.mjs'

/** Without their packages, which `npm run check` installs, the peers of the bench have no types. */
const unchecked = existsSync('bench/node_modules/hono') ? [] : ['bench/peers']

export default defineConfig(
  {
    ignores: [
      'node_modules',
      '**/dist',
      'cdk.out',
      '.tap',
      '.data',
      '.rehearsal',
      'bench/node_modules',
      ...unchecked,
      'src/client/api.ts',
    ],
  },
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  security.configs.recommended,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // Plugins of Fastify are async by contract, and so are handlers that only answer.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // A bare assertion is checked by nothing either, and says to what.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // It goes by the names of variables; secrets are compared by hash or timingSafeEqual.
      'security/detect-possible-timing-attacks': 'off',
      // TypeScript's own checked index access covers what this one guesses at.
      'security/detect-object-injection': 'off',
      // The only paths opened are the operator's own data folder.
      'security/detect-non-literal-fs-filename': 'off',
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Use node:crypto (ASVS V6.5.3).' },
      ],
    },
  },
  {
    files: ['src/**'],
    ignores: ['src/lib/clock.ts', 'src/entry/**', 'src/local/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Use node:crypto (ASVS V6.5.3).' },
        {
          object: 'process',
          property: 'env',
          message: 'config/ is the one reader of the environment.',
        },
        { object: 'Date', property: 'now', message: 'Take a Clock.' },
      ],
    },
  },
  {
    files: ['test/**'],
    rules: {
      // The body of an answer is whatever came; asserting what it is, is the point of a test.
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      // tap waits for its subtests itself.
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafePromises: [
            { from: 'package', name: 'PromiseWithSubtest', package: '@tapjs/core' },
          ],
        },
      ],
    },
  },
  {
    files: ['src/**', 'infra/**', 'packages/**'],
    ignores: ['src/**/texts/de.ts'],
    plugins: { 'plain-english': plainEnglish },
    rules: { 'plain-english/words': 'error' },
  },
  { files: ['**/*.mjs'], extends: [tseslint.configs.disableTypeChecked] },
)

import { format } from 'prettier'
import { AccountExport } from '../../src/personal-data/schemas.js'
import { pathOf } from './documents.js'

export const ACCOUNT_EXPORT_SCHEMA = pathOf('docs/account-export.schema.json')

/** What an export of an account is, for programs. */
export const accountExportSchema = (): Promise<string> =>
  format(
    JSON.stringify({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      ...(JSON.parse(JSON.stringify(AccountExport)) as object),
    }),
    { parser: 'json', printWidth: 100 },
  )

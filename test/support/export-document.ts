import { format } from 'prettier'
import type { TSchema } from 'typebox'
import { ImportRow } from '../../src/imports/row.js'
import { AccountExport } from '../../src/personal-data/schemas.js'
import { pathOf } from './documents.js'

export const ACCOUNT_EXPORT_SCHEMA = pathOf('docs/account-export.schema.json')

/** What an export of an account is, for programs. */
export const accountExportSchema = (): Promise<string> => published(AccountExport)

export const IMPORT_SCHEMA = pathOf('docs/import.schema.json')

/** What a line of an import is. */
export const importSchema = (): Promise<string> => published(ImportRow)

const published = (schema: TSchema): Promise<string> =>
  format(
    JSON.stringify({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      ...(JSON.parse(JSON.stringify(schema)) as object),
    }),
    { parser: 'json', printWidth: 100 },
  )

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Plugin } from 'esbuild'
import ts from 'typescript'

/**
 * V8 skips over a function that it meets, and reads it again when it is called; one in parentheses it
 * compiles at once. esbuild makes a function of each CommonJS module, and nearly all are called by the start.
 * https://v8.dev/blog/preparser#pife
 */
export function wholeModules(): Plugin {
  return {
    name: 'whole-modules',
    setup(build) {
      build.onEnd(async ({ metafile }) => {
        const { absWorkingDir = '.' } = build.initialOptions
        const files = Object.keys(metafile?.outputs ?? {}).filter((path) => path.endsWith('.mjs'))
        await Promise.all(files.map((path) => rewrite(join(absWorkingDir, path))))
      })
    },
  }
}

async function rewrite(path: string): Promise<void> {
  const text = await readFile(path, 'utf8')
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, false, ts.ScriptKind.JS)
  let rewritten = ''
  let position = 0
  for (const module of source.statements.flatMap(modulesOf)) {
    const parameters = module.parameters.map((parameter) => parameter.getText(source)).join(',')
    rewritten += `${text.slice(position, module.getStart(source))}(function(${parameters})`
    rewritten += `${module.body.getText(source)})`
    position = module.end
  }
  await writeFile(path, rewritten + text.slice(position))
}

/** `var name=commonJS((exports,module)=>{…})`, as esbuild writes a module. */
function modulesOf(statement: ts.Statement): ts.ArrowFunction[] {
  if (!ts.isVariableStatement(statement)) return []
  return statement.declarationList.declarations.flatMap(({ initializer }) => {
    if (!initializer || !ts.isCallExpression(initializer)) return []
    const { expression, arguments: given } = initializer
    const [module] = given
    const isModule = ts.isIdentifier(expression) && given.length === 1 && module
    return isModule && ts.isArrowFunction(module) && ts.isBlock(module.body) ? [module] : []
  })
}

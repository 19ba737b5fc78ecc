import asyncHooks from 'node:async_hooks'
import { readFile } from 'node:fs/promises'
import { register, syncBuiltinESMExports } from 'node:module'
import { isMainThread } from 'node:worker_threads'
import { fileURLToPath } from 'node:url'
import { transform } from 'esbuild'

/**
 * Loads TypeScript in the test processes, with maps that the coverage report reads. esbuild takes a tenth of
 * the time of tap's own loader, which `.taprc` switches off, because loading its compiler takes a second.
 */
if (isMainThread) {
  register(import.meta.url)
  // Nothing that a test starts is started for tap. Its coverage would be of another translation of the same files,
  // and the report would add up lines that are not the same.
  delete process.env.TAP_TYPE_STRIP_ONLY
  process.env._TAPJS_PROCESSINFO_COVERAGE_ = '0'
  followNoPromises()
}

/**
 * tap watches every promise and every handle, to tell which test an uncaught error belongs to. It takes a tenth of
 * the processor time. Without it such an error ends the test file, which fails.
 */
function followNoPromises() {
  const hook = { enable: () => hook, disable: () => hook }
  asyncHooks.createHook = () => hook
  syncBuiltinESMExports()
}

/** `./a.js` is `a.ts` or `a.tsx` where there is no such JavaScript. @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, next) {
  const names = ['.js', '.ts', '.tsx'].map((ending) => specifier.replace(/\.js(?=\?|$)/, ending))
  for (const name of new Set(names)) {
    try {
      return await next(name, context)
    } catch (error) {
      if (error.code !== 'ERR_MODULE_NOT_FOUND' || name === names.at(-1)) throw error
    }
  }
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, next) {
  if (!/^file:.*\.tsx?(\?|$)/.test(url)) return next(url, context)
  const path = fileURLToPath(url)
  const { code } = await transform(await readFile(path, 'utf8'), {
    loader: path.endsWith('x') ? 'tsx' : 'ts',
    format: 'esm',
    target: 'node20.19',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    sourcefile: path,
    sourcemap: 'inline',
  })
  return { format: 'module', source: code, shortCircuit: true }
}

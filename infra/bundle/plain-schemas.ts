import type { Plugin } from 'esbuild'

/**
 * The functions of typebox that build schemas, without what it keeps beside a schema for its own use. Each
 * start makes some two hundred of them, and typebox brings its whole type checker along.
 */
const BUILDERS = `
const optional=new WeakSet()
const plain=(schema)=>(options)=>({...schema,...options})
export const Boolean=plain({type:'boolean'})
export const Integer=plain({type:'integer'})
export const Null=plain({type:'null'})
export const String=plain({type:'string'})
export const Array=(items,options)=>({type:'array',items,...options})
export const Enum=(values,options)=>({enum:values,...options})
export const Literal=(value,options)=>({type:typeof value,const:value,...options})
export const Union=(anyOf,options)=>({anyOf,...options})
export const Optional=(schema)=>{const copy={...schema};optional.add(copy);return copy}
const{entries}=globalThis.Object
export const Object=(properties,options)=>{
const required=entries(properties).filter(([,schema])=>!optional.has(schema)).map(([name])=>name)
return{type:'object',...(required.length>0&&{required}),properties,...options}
}`

/** Puts plain functions in typebox's place. One that is missing here fails the build. */
export function plainSchemas(): Plugin {
  return {
    name: 'plain-schemas',
    setup(build) {
      build.initialOptions.logOverride = { 'import-is-undefined': 'error' }
      build.onResolve({ filter: /^typebox$/ }, ({ path }) => ({ path, namespace: 'plain-schemas' }))
      build.onLoad({ filter: /./, namespace: 'plain-schemas' }, () => ({ contents: BUILDERS }))
    },
  }
}

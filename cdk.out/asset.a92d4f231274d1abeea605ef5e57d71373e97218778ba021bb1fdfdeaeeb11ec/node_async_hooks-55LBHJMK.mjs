const require=process.getBuiltinModule('module').createRequire(import.meta.url);
import{a as e}from"./chunk-CJEJUPDX.mjs";var s=e((n,o)=>{o.exports=process.getBuiltinModule("node:async_hooks")});export default s();

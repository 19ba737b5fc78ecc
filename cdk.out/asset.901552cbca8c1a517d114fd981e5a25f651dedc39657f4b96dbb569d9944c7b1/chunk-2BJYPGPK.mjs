const require=process.getBuiltinModule('module').createRequire(import.meta.url);
import{c as e}from"./chunk-RIGBDP4X.mjs";var s=e((n,o)=>{o.exports=process.getBuiltinModule("node:async_hooks")});export{s as a};

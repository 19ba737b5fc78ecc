const require=process.getBuiltinModule('module').createRequire(import.meta.url);
import{c as o}from"./chunk-RIGBDP4X.mjs";var t=o((i,e)=>{e.exports=process.getBuiltinModule("node:util")});export{t as a};

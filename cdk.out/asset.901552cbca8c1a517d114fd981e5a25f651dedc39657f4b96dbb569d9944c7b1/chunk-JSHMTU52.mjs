const require=process.getBuiltinModule('module').createRequire(import.meta.url);
import{c as o}from"./chunk-RIGBDP4X.mjs";var t=o((p,e)=>{e.exports=process.getBuiltinModule("node:crypto")});export{t as a};

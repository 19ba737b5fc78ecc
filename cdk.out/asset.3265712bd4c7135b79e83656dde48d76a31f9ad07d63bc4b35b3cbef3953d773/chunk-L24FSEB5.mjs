const require=process.getBuiltinModule('module').createRequire(import.meta.url);
import{c as o}from"./chunk-RIGBDP4X.mjs";var s=o((t,e)=>{e.exports=process.getBuiltinModule("node:stream")});export{s as a};

const require=process.getBuiltinModule('module').createRequire(import.meta.url);
import{c as t}from"./chunk-RIGBDP4X.mjs";var o=t((p,e)=>{e.exports=process.getBuiltinModule("node:http")});export{o as a};

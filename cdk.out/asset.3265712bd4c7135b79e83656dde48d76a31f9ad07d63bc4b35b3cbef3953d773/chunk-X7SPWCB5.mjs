const require=process.getBuiltinModule('module').createRequire(import.meta.url);
import{c as t}from"./chunk-RIGBDP4X.mjs";var i=t((l,e)=>{e.exports=process.getBuiltinModule("util")});export{i as a};

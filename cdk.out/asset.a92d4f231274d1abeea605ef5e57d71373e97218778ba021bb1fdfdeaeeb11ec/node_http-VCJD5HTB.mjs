const require=process.getBuiltinModule('module').createRequire(import.meta.url);
import{a as t}from"./chunk-CJEJUPDX.mjs";var o=t((p,e)=>{e.exports=process.getBuiltinModule("node:http")});export default o();

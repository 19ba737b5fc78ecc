const require=process.getBuiltinModule('module').createRequire(import.meta.url);
import{c as e}from"./chunk-RIGBDP4X.mjs";var o=e((r,s)=>{s.exports=process.getBuiltinModule("events")});var p=e((i,t)=>{t.exports=()=>()=>{}});export{o as a,p as b};

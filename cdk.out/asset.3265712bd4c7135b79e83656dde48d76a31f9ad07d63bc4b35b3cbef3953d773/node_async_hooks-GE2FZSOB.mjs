const require=process.getBuiltinModule('module').createRequire(import.meta.url);
import{a}from"./chunk-2BJYPGPK.mjs";import"./chunk-RIGBDP4X.mjs";export default a();

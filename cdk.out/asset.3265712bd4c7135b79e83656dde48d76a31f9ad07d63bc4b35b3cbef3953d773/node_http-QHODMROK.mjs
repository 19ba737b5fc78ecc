const require=process.getBuiltinModule('module').createRequire(import.meta.url);
import{a}from"./chunk-7SCKJWXF.mjs";import"./chunk-RIGBDP4X.mjs";export default a();

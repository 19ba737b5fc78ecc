const require=process.getBuiltinModule('module').createRequire(import.meta.url);
import"./chunk-RIGBDP4X.mjs";var e={};export{e as default};

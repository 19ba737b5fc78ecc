const require=process.getBuiltinModule('module').createRequire(import.meta.url);
import"./chunk-CJEJUPDX.mjs";var e={};export{e as default};

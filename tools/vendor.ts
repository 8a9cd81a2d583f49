// Writes vendor/: what is packed with the tool and comes out of packages that are not. Quick when nothing has changed.
//   npx tsx tools/vendor.ts       bootstrap.mjs and `npm run build` begin with it

await import("./bundle-parser.ts");
await import("./copy-c-grammar.ts");

// Makes this file a module.
export {};

#!/usr/bin/env node
// The tool itself is src/cli/main.ts, compiled to dist/.
await import("../dist/cli/main.js");

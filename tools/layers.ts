// Which folder of src/ may import which. The one copy of the architecture: check-layers.ts enforces it and gen.ts prints
// it into ARCHITECTURE.md. A folder may always import itself.

export interface Layer {
  readonly folder: string;
  readonly is: string;
  readonly mayImport: readonly string[];
  /** A pure folder imports no Node module and no package: it also runs in a browser and in a property test. */
  readonly pure: boolean;
}

/** The one folder of the table that lies beside src/: it is built for browsers. */
export const PAGE_FOLDER = "web";

/** In dependency order: a row names only rows above it. */
export const LAYERS: readonly Layer[] = [
  { folder: "base", is: "pure tools: Result, branded ids, formatting", mayImport: [], pure: true },
  { folder: "model", is: "shared vocabulary: holders, reports, errors", mayImport: ["base"], pure: true },
  { folder: "graph", is: "numeric kernels on flat arrays", mayImport: ["base"], pure: true },
  { folder: "cpython", is: "memory layout and decoders per CPython version", mayImport: ["base", "model"], pure: true },
  { folder: "python", is: "Python source front end", mayImport: ["base", "model"], pure: true },
  { folder: "csource", is: "facts about C and Cython sources", mayImport: ["base", "model", "python"], pure: true },
  {
    folder: "parsers",
    is: "makes our trees out of other people's parsers",
    mayImport: ["base", "model", "python", "csource"],
    pure: false,
  },
  {
    folder: "capture",
    is: "getting bytes out of processes and files",
    mayImport: ["base", "model", "cpython"],
    pure: false,
  },
  {
    folder: "heap",
    is: "snapshot, holders, paths, queries",
    mayImport: ["base", "model", "graph", "cpython"],
    pure: true,
  },
  {
    folder: "imports",
    is: "one file per format of other people's allocation files",
    mayImport: ["base", "model"],
    pure: true,
  },
  {
    folder: "rules",
    is: "one hazard per file",
    mayImport: ["base", "model", "python", "csource", "heap"],
    pure: true,
  },
  { folder: "watch", is: "samplers, detectors, verdicts", mayImport: ["base", "model"], pure: true },
  {
    folder: "diagnose",
    is: "joins heap, growth and source",
    mayImport: ["base", "model", "heap", "python", "watch"],
    pure: true,
  },
  { folder: "report", is: "one file per output format", mayImport: ["base", "model"], pure: true },
  {
    folder: "export",
    is: "one file per format of other people's viewers",
    mayImport: ["base", "model", "graph", "heap", "report"],
    pure: false,
  },
  { folder: "govern", is: "cache inventory, policy, plan", mayImport: ["base", "model"], pure: true },
  {
    folder: "client",
    is: "what other Node programs import: governed caches and their keys",
    mayImport: ["base", "model"],
    pure: false,
  },
  {
    folder: "workers",
    is: "thread shells around pure functions",
    mayImport: [
      "base",
      "model",
      "graph",
      "cpython",
      "python",
      "csource",
      "parsers",
      "heap",
      "rules",
      "watch",
      "diagnose",
      "export",
      "govern",
      "report",
    ],
    pure: false,
  },
  {
    folder: "app",
    is: "use cases; the only place that wires everything",
    mayImport: [
      "base",
      "model",
      "graph",
      "cpython",
      "python",
      "csource",
      "parsers",
      "capture",
      "heap",
      "imports",
      "rules",
      "watch",
      "diagnose",
      "export",
      "govern",
      "client",
      "report",
      "workers",
    ],
    pure: false,
  },
  {
    folder: "library",
    is: "what Node programs import: heaps and questions",
    mayImport: ["base", "model", "app"],
    pure: false,
  },
  {
    folder: "mcp",
    is: "edge for coding assistants: one entry per tool",
    mayImport: ["base", "model", "app"],
    pure: false,
  },
  { folder: "server", is: "HTTP edge", mayImport: ["base", "model", "app", "report"], pure: false },
  {
    folder: "cli",
    is: "terminal edge: one file per command",
    mayImport: ["base", "model", "app", "report", "server", "mcp"],
    pure: false,
  },
  {
    folder: PAGE_FOLDER,
    is: "the page, in a browser: lies beside src/",
    mayImport: ["base", "model"],
    pure: false,
  },
];

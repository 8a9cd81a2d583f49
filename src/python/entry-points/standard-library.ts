import type { Framework } from "./entry-point.ts";

/** Threads, pools, servers, signals and exits of the standard library. */
export const STANDARD_LIBRARY: Framework = {
  name: "Python",
  rules: [
    {
      by: "handed",
      to: ["threading.Thread", "threading.Timer", "multiprocessing.Process"],
      as: ["1", "target", "function"],
      kind: "thread",
      why: "the body of a thread",
    },
    { by: "handed", to: ["_thread.start_new_thread"], as: ["0"], kind: "thread", why: "the body of a thread" },
    {
      by: "handed",
      to: [
        "concurrent.futures.ThreadPoolExecutor.submit",
        "concurrent.futures.ThreadPoolExecutor.map",
        "concurrent.futures.ProcessPoolExecutor.submit",
        "multiprocessing.pool.ThreadPool.map",
        ".submit",
        ".imap_unordered",
        ".map_async",
      ],
      as: ["0", "fn", "func"],
      kind: "thread",
      why: "the body of a pool's job",
    },
    {
      by: "base",
      bases: ["threading.Thread", "multiprocessing.Process", "multiprocessing.context.Process"],
      methods: ["run"],
      kind: "thread",
      why: "the body of a thread",
    },
    {
      by: "handed",
      to: ["atexit.register", "weakref.finalize"],
      as: ["0", "1"],
      kind: "event",
      why: "a function called at exit",
    },
    { by: "decorator", names: ["atexit.register"], kind: "event", why: "a function called at exit" },
    { by: "handed", to: ["signal.signal"], as: ["1"], kind: "event", why: "a signal handler" },
    {
      by: "base",
      bases: [
        "socketserver.BaseRequestHandler",
        "socketserver.StreamRequestHandler",
        "http.server.BaseHTTPRequestHandler",
        "http.server.SimpleHTTPRequestHandler",
      ],
      methods: ["handle", "setup", "finish", "do_GET", "do_POST", "do_PUT", "do_DELETE", "do_HEAD", "do_PATCH"],
      kind: "request",
      why: "a handler of connections",
    },
    {
      by: "base",
      bases: ["logging.Handler", "logging.StreamHandler"],
      methods: ["emit", "handle"],
      kind: "event",
      why: "a log handler",
    },
    { by: "base", bases: ["logging.Filter"], methods: ["filter"], kind: "event", why: "a log filter" },
    {
      by: "shape",
      matches: ({ fact }) =>
        fact.owner === undefined &&
        fact.params.length === 2 &&
        fact.params[0]?.name === "environ" &&
        fact.params[1]?.name === "start_response",
      kind: "request",
      why: "a WSGI application",
    },
    {
      by: "shape",
      matches: ({ fact }) => {
        const names = fact.params.map(({ name }) => name).filter((name) => name !== "self");
        return fact.isAsync === true && names.length === 3 && names.join() === "scope,receive,send";
      },
      kind: "request",
      why: "an ASGI application",
    },
    {
      by: "shape",
      matches: ({ fact }) =>
        fact.owner === undefined &&
        fact.params.length === 2 &&
        fact.params[0]?.name === "event" &&
        fact.params[1]?.name === "context",
      kind: "request",
      why: "an AWS Lambda handler",
    },
  ],
};

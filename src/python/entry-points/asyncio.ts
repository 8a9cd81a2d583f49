import type { Framework } from "./entry-point.ts";

/** asyncio's tasks, callbacks, servers and protocols; trio and anyio. */
export const ASYNCIO: Framework = {
  name: "asyncio",
  rules: [
    {
      by: "handed",
      to: [
        ".create_task",
        "asyncio.create_task",
        "asyncio.ensure_future",
        ".start_soon",
        "asyncio.to_thread",
        "asyncio.run_coroutine_threadsafe",
      ],
      as: ["0", "coro", "func"],
      kind: "task",
      why: "a task of the event loop",
    },
    {
      by: "handed",
      to: [".call_soon", ".call_later", ".call_at", ".call_soon_threadsafe", ".add_done_callback"],
      as: ["0", "1"],
      kind: "task",
      why: "a callback of the event loop",
    },
    {
      by: "handed",
      to: [".add_reader", ".add_writer", ".add_signal_handler"],
      as: ["1"],
      kind: "event",
      why: "a callback of the event loop",
    },
    { by: "handed", to: [".run_in_executor"], as: ["1"], kind: "thread", why: "the body of an executor's job" },
    {
      by: "handed",
      to: ["asyncio.start_server", "asyncio.start_unix_server", "websockets.serve"],
      as: ["0", "client_connected_cb"],
      kind: "request",
      why: "a handler of connections",
    },
    {
      by: "base",
      bases: ["asyncio.Protocol", "asyncio.DatagramProtocol", "asyncio.BufferedProtocol", "asyncio.protocols.Protocol"],
      methods: [
        "connection_made",
        "connection_lost",
        "data_received",
        "datagram_received",
        "eof_received",
        "buffer_updated",
      ],
      kind: "request",
      why: "a handler of connections",
    },
  ],
};

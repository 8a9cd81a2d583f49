import type { Framework } from "./entry-point.ts";

/** Clients of brokers and chats call methods of these names by custom: paho, websocket-client, stomp, pika, discord.py. */
const HANDLER = /^_?on_(?:message|request|data|packet|publish|delivery|datagram|data_received)$/;

export const MESSAGES: Framework = {
  name: "messages",
  rules: [
    {
      by: "shape",
      matches: ({ fact }) => HANDLER.test(fact.name) && fact.params.some(({ name }) => name !== "self"),
      kind: "request",
      why: "a handler of messages",
    },
  ],
};

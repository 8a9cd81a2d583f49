// Loops that end only when somebody tells them to.

import { walkOwn } from "./walk.ts";
import type { Expression, For, Node, While } from "./tree.ts";

/** Calls that wait for work; a loop around one is a consumer. */
const TAKING: ReadonlySet<string> = new Set(
  (
    "get recv recvfrom recv_into accept select receive receive_message consume listen brpop blpop " +
    "xread xreadgroup get_message fetch_message next_message run_forever run_once epoll pull dequeue readline " +
    "serve handle_request"
  ).split(" "),
);

/** Calls that let time pass: between turns of a loop that goes on, or until something is as it should be. */
const PAUSING: ReadonlySet<string> = new Set(["sleep", "wait", "poll", "join", "wait_for"]);

/** Names that such loops watch: `while self.running`, `while not stop.is_set()`. */
const SWITCH =
  /^_*(?:is_?)?(?:running|stop|stopped|stopping|shutdown|shutting_down|alive|active|closed|done|quit|exit|finished|keep_going|should_stop|should_run|terminate\w*|stop_event|is_set|is_alive)$/i;

/**
 * True for `while True` (or a running flag) that waits for work, and for `while True` that nothing leaves. One that only lets
 * time pass and leaves when something has come true has waited for that, or has tried again. O(nodes of the loop).
 */
export function isEndlessLoop(loop: While): boolean {
  const isConstant = isTrue(loop.test);
  if (!isConstant && !watchesSwitch(loop.test)) return false;
  let takes = false;
  let pauses = false;
  let leaves = false;
  let succeeds = false;
  walkOwn(loop.body, (node) => {
    if (node.kind === "call") {
      takes ||= waitsFor(node.callee, TAKING);
      pauses ||= waitsFor(node.callee, PAUSING);
    } else if (node.kind === "return" || node.kind === "yield" || (node.kind === "simple" && node.word === "break")) {
      leaves = true;
      succeeds ||= node.kind !== "yield" && !isToldToStop(node, loop);
    }
  });
  return takes || (pauses && !(isConstant && succeeds)) || (isConstant && !leaves);
}

/** Under a test of a switch, or in a handler: when somebody wants the loop to end. */
function isToldToStop(exit: Node, loop: While): boolean {
  for (let at = exit.parent; at !== null && at !== loop; at = at.parent) {
    if (at.kind === "except") return true;
    if (at.kind === "if" && watchesSwitch(at.test)) return true;
  }
  return false;
}

function isTrue(test: Expression): boolean {
  if (test.kind !== "constant") return false;
  return test.type === "bool" ? test.text === "True" : test.type === "int" && test.text !== "0";
}

function watchesSwitch(test: Expression): boolean {
  if (test.kind === "name") return SWITCH.test(test.id);
  if (test.kind === "attribute") return SWITCH.test(test.name);
  if (test.kind === "call")
    return test.callee.kind === "attribute" && test.arguments.length === 0 && SWITCH.test(test.callee.name);
  // One level: `not stop.is_set()`, `running and more`.
  return (
    test.kind === "operation" && test.operands.some((operand) => operand.kind !== "operation" && watchesSwitch(operand))
  );
}

function waitsFor(callee: Expression, waiting: ReadonlySet<string>): boolean {
  // `d.get(k)` reads a mapping; a queue's `get` waits without a key, so it counts only when awaited or bare.
  if (callee.kind === "name") return callee.id !== "get" && waiting.has(callee.id);
  if (callee.kind !== "attribute" || !waiting.has(callee.name)) return false;
  const call = callee.parent;
  const positional = call?.kind === "call" ? call.arguments.filter(({ name }) => name === null) : [];
  if (callee.name === "join") return positional.length === 0;
  return callee.name !== "get" || positional.length === 0 || isBlockingFlag(positional[0]?.value);
}

function isBlockingFlag(value: Expression | undefined): boolean {
  return value?.kind === "constant" && value.type === "bool";
}

const CONSUMER = /(?:^|_)(?:consumer|subscription|pubsub)$/i;
const CONSUMING = /^(?:listen|consume|subscribe|iter_messages|receive_messages|poll_forever)$/;

/** `for message in consumer:`, `async for event in pubsub.listen():` wait for the next as long as there is a connection. O(1). */
export function takesMessages({ iterable }: For): boolean {
  if (iterable.kind === "name") return CONSUMER.test(iterable.id);
  if (iterable.kind === "attribute") return CONSUMER.test(iterable.name);
  if (iterable.kind !== "call") return false;
  const { callee } = iterable;
  return callee.kind === "attribute" && CONSUMING.test(callee.name);
}

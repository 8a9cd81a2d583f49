import { expect, test } from "vitest";
import { graph } from "../support/graph-language.ts";

test("names become ids in order of appearance, arrows become edges", () => {
  const drawn = graph("*root -> cache -> a:100 -> b; cache -> b");
  expect(drawn.names).toEqual(["root", "cache", "a", "b"]);
  expect([...drawn.roots]).toEqual([drawn.id("root")]);
  expect([...drawn.sizes]).toEqual([1, 1, 100, 1]);
  expect([...drawn.graph.edgeStart]).toEqual([0, 1, 3, 4, 4]);
  expect([...drawn.graph.edgeTarget]).toEqual([1, 2, 3, 3]);
});

test("a comma fans out, a lone name is a node without edges, line breaks separate", () => {
  const drawn = graph("a -> b, c -> d\n lonely", { roots: "a lonely" });
  expect([...drawn.graph.edgeStart]).toEqual([0, 2, 3, 4, 4, 4]);
  expect([...drawn.roots].map(drawn.name)).toEqual(["a", "lonely"]);
});

test("mistakes are named", () => {
  expect(() => graph("a -> -> b")).toThrow('cannot read "" in "a -> -> b"');
  expect(() => graph("a -> b:big")).toThrow('cannot read "b:big"');
  expect(() => graph("a -> b").id("c")).toThrow('no node "c" in this drawing; it has a, b');
});

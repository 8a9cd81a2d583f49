// The page with a flame graph: what is as wide as what, nothing from outside, and its script run on the page's own boxes.

import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { flameGraphPage } from "../../src/report/flame-graph-page.ts";
import type { TracedStack } from "../../src/model/trace-report.ts";

const MAIN = { file: "/srv/shop/main.py", line: 3 };
const CART = { file: '/srv/shop/<img src="x">&.py', line: 31 };
const PRICE = { file: "/srv/shop/price.py", line: 8 };
const STACKS: readonly TracedStack[] = [
  { frames: [MAIN, CART], blocks: 2, bytes: 600 },
  { frames: [MAIN, PRICE], blocks: 2, bytes: 300 },
  { frames: [PRICE], blocks: 1, bytes: 100 },
];

interface Box {
  readonly text: string;
  readonly title: string;
  hidden: boolean;
  readonly style: { left: string; width: string; readonly top: string };
}

function boxesOf(page: string): Box[] {
  const boxes = page.matchAll(/<div class="c\d" style="left:(.*?);width:(.*?);top:(.*?)" title="(.*?)">(.*?)<\/div>/g);
  return Array.from(boxes, ([, left = "", width = "", top = "", title = "", text = ""]) => {
    return { text, title, hidden: false, style: { left, width, top } };
  });
}

describe("a page", () => {
  const page = flameGraphPage(STACKS, "Allocations of <b>");

  it("has a box per place in the tree of calls, widest first, as wide as its bytes", () => {
    expect(boxesOf(page).map(({ text, style }) => [text, style.left, style.width, style.top])).toEqual([
      ["Allocations of &lt;b&gt;", "0%", "100%", "0px"],
      ["shop/main.py:3", "0%", "90%", "18px"],
      ["shop/&lt;img src=&quot;x&quot;&gt;&amp;.py:31", "0%", "60%", "36px"],
      ["shop/price.py:8", "60%", "30%", "36px"],
      ["shop/price.py:8", "90%", "10%", "18px"],
    ]);
    expect(boxesOf(page)[1]?.title).toBe("/srv/shop/main.py:3&#10;900 B, 90.0 %");
  });

  it("has nothing of the program's in its markup, and asks nobody", () => {
    expect(page).not.toMatch(/<img|<b>|https?:|src=(?!&)|@import|url\(/);
    expect(page).toContain("default-src 'none'");
  });

  it("leaves out what nobody could see, and says so", () => {
    // One of them is the line of MAIN itself.
    const many = Array.from({ length: 5000 }, (_, line) => ({ frames: [{ ...MAIN, line }], blocks: 1, bytes: 1 }));
    const wide = flameGraphPage([...STACKS.map((each) => ({ ...each, bytes: each.bytes * 1000 })), ...many], "t");
    expect(boxesOf(wide).length).toBeLessThan(10);
    expect(wide).toMatch(/Not drawn: 4,999 frames narrower than 0\.05 %/);
  });

  it("of nothing is one empty frame", () => {
    expect(boxesOf(flameGraphPage([], "t"))).toHaveLength(1);
  });

  it("a click widens a frame with what it calls; one on the top takes it back", () => {
    const boxes = boxesOf(page);
    const clicks: (() => void)[] = [];
    const elements = boxes.map((box) => ({
      ...box,
      addEventListener: (_: string, act: () => void) => clicks.push(act),
    }));
    const script = /<script>(.*?)<\/script>/s.exec(page)?.[1] ?? "";
    runInNewContext(script, { document: { querySelectorAll: () => elements } });
    const widths = (): readonly (number | null)[] =>
      elements.map(({ hidden, style }) => (hidden ? null : Math.round(Number.parseFloat(style.width))));
    clicks[2]?.();
    expect(widths()).toEqual([100, 100, 100, null, null]);
    clicks[1]?.();
    expect(widths()).toEqual([100, 100, 67, 33, null]);
    clicks[0]?.();
    expect(widths()).toEqual([100, 90, 60, 30, 10]);
  });
});

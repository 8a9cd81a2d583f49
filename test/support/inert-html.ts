// A page that runs nothing, asks nobody and closes what it opens.

import { expect } from "vitest";

const TAGS = ["section", "ol", "ul", "table", "thead", "tbody", "svg", "g", "details", "main", "body", "html"];

export function expectInertHtml(text: string): void {
  expect(text).toContain("default-src 'none'; style-src 'unsafe-inline'");
  expect(text).not.toMatch(/<(?:script|link|img|iframe|object|embed|base|form)\b|\bon\w+=|javascript:|@import|url\(/i);
  for (const name of TAGS) {
    const count = (tag: string): number => text.split(tag).length;
    expect(count(`<${name}>`) + count(`<${name} `) - 1, name).toBe(count(`</${name}>`));
  }
}

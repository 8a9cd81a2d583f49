import { expect, it } from "vitest";
import { latestNews } from "../../src/report/latest-news.ts";

const NEWS = [
  { text: "Process 7 has come; it is watched from now on.", atSeconds: 5 },
  { text: "Snapshot of process 7 since memory reached 90 % of the limit: a.dwsnap", atSeconds: 100 },
];

it("says what has just happened as it is, and how long ago what is older", () => {
  expect(latestNews(NEWS, 100)).toBe(NEWS[1]!.text);
  expect(latestNews(NEWS, 109)).toBe(NEWS[1]!.text);
  expect(latestNews(NEWS, 100 + 3 * 3600)).toBe(`3 h ago: ${NEWS[1]!.text}`);
});

it("says nothing before anything has happened, nor what had not happened yet at this place of a recording", () => {
  expect(latestNews([], 10)).toBeNull();
  expect(latestNews(NEWS, 4)).toBeNull();
  expect(latestNews(NEWS, 50)).toBe(`45 s ago: ${NEWS[0]!.text}`);
});

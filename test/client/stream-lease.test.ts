// Until when what a Node process keeps is an answer.

import { describe, expect, it } from "vitest";
import { StreamLease } from "../../src/client/stream-lease.ts";

describe("the lease of a process", () => {
  it("runs until its end; where stale answers are allowed it does not matter", () => {
    const states = [false, true].map((servesStale) => {
      const lease = new StreamLease(servesStale);
      const before = lease.isConfirmed();
      lease.extend(performance.now() + 60_000);
      const during = lease.isConfirmed();
      lease.end();
      return [before, during, lease.isConfirmed()];
    });
    expect(states).toEqual([
      [false, true, false],
      [true, true, true],
    ]);
  });

  it("is over for good when the process has left: no clear waits for it", () => {
    for (const servesStale of [false, true]) {
      const lease = new StreamLease(servesStale);
      lease.extend(performance.now() + 60_000);
      lease.leave();
      expect(lease.isConfirmed()).toBe(false);
    }
  });
});

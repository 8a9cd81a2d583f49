// What somebody sees whom the server does not know.

import type { VNode } from "preact";

export function Stranger(): VNode {
  return (
    <main class="alone">
      <h1>Deadweight does not know this browser</h1>
      <p>
        Open the address that <code>deadweight serve</code> printed, with all that stands behind the <code>#</code>. It
        is for one run of the server: when it was started again, it printed a new one.
      </p>
    </main>
  );
}

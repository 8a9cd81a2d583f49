// A connection to the probe of a process, whoever put it there: through the tool that has it connected already (`deadweight run`, or another
// `deadweight attach`), else by attaching.

import { fail, ok, type Result } from "../../base/result.ts";
import type { AttachError } from "../../model/attach-error.ts";
import type { ProbeConnection } from "../probe/probe-connection.ts";
import type { ProbeHello } from "../probe/probe-protocol.ts";
import { openRelayAt, openRelayedProbes, type RelayedProbes } from "../probe/relayed-probes.ts";
import { type AttachOptions, attachProbe, callOptions } from "./attach-probe.ts";
import { loadBesideProbeSource, socketOfProbeSource } from "./probe-bundle.ts";
import { runInTarget } from "./run-in-target.ts";

/** Disposal switches off what was switched on; a probe that we attached leaves its process. */
export interface ReachedProbe extends Pick<ProbeConnection, "hello" | "isOpen" | "request">, AsyncDisposable {}

/** Fails as `attachProbe` does. */
export async function reachProbe(pid: number, options: AttachOptions): Promise<Result<ReachedProbe, AttachError>> {
  const present = await relayed(pid, await openRelayedProbes(pid), options);
  if (present !== null) return present;
  const attached = await attachProbe(pid, options);
  if (attached.ok) return ok(ownProbe(attached.value.connection, attached.value));
  if (attached.error.code !== "already-attached") return attached;
  const asked = await runInTarget(pid, socketOfProbeSource(), callOptions(pid, options));
  if (!asked.ok) return attached;
  return (await relayed(pid, await openRelayAt(asked.value.answer), options)) ?? attached;
}

function ownProbe(connection: ProbeConnection, attached: AsyncDisposable): ReachedProbe {
  return {
    hello: connection.hello,
    get isOpen() {
      return connection.isOpen;
    },
    request: (...given) => connection.request(...given),
    [Symbol.asyncDispose]: () => attached[Symbol.asyncDispose](),
  };
}

/** Null when the other tool has no connection to the process. */
async function relayed(
  pid: number,
  opened: Result<RelayedProbes, string>,
  options: AttachOptions,
): Promise<Result<ReachedProbe, AttachError> | null> {
  if (!opened.ok) return null;
  const probes = opened.value;
  const hello = (await probes.processes()).find((each) => each.pid === pid);
  if (hello === undefined) return (probes[Symbol.dispose](), null);
  const { extra = null } = options;
  if (extra !== null) {
    const loaded = await runInTarget(pid, loadBesideProbeSource(extra), callOptions(pid, options));
    if (!loaded.ok) return (probes[Symbol.dispose](), fail(loaded.error));
  }
  return ok(otherTools(probes, hello));
}

function otherTools(probes: RelayedProbes, hello: ProbeHello): ReachedProbe {
  return {
    hello,
    get isOpen() {
      return probes.isOpen();
    },
    request: (verb, given) => probes.ask(hello.pid, verb, given),
    [Symbol.asyncDispose]: async () => probes[Symbol.dispose](),
  };
}

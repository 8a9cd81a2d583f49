// Two hosts of their own on one machine: network namespaces with a cable each to where the server is. Needs root and iproute2.

import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

export interface NetworkHosts extends Disposable {
  /** Of the server, as both hosts reach it. */
  readonly address: string;
  /** Starts half of the workers on each host, under names of their own. */
  command(python: string, words: readonly string[]): readonly [string, ...string[]];
  /** Takes the cable of the first host out, or puts it in. */
  unplug(): void;
  /** As the kernel says it. */
  isUnplugged(): boolean;
  plug(): void;
}

/** A reason, or null. */
export function whyNoNetworkHosts(): string | null {
  if (process.getuid?.() !== 0) return "network namespaces need root";
  if (spawnSync("ip", ["-V"]).error !== undefined) return "network namespaces need ip, of the package iproute2";
  const name = `dwtry${process.pid}`;
  if (spawnSync("ip", ["netns", "add", name]).status !== 0) return "network namespaces are not allowed here";
  const made = spawnSync("ip", ["link", "add", name, "type", "veth", "peer", "name", `${name}p`]).status === 0;
  if (made) ip("link", "del", name);
  ip("netns", "del", name);
  return made ? null : "virtual cables (veth) are not allowed here";
}

/** Of 10.213.0.0/16, by the process, so that two runs do not meet. */
export function openNetworkHosts(): NetworkHosts {
  const third = process.pid % 80;
  const address = `10.213.${third * 3}.1`;
  const hosts = [1, 2].map((each) => {
    const name = `dw${process.pid}h${each}`;
    const net = `10.213.${third * 3 + each}`;
    return { name, cable: `dw${process.pid}c${each}`, near: `${net}.1`, far: `${net}.2` };
  });
  ip("addr", "add", `${address}/32`, "dev", "lo");
  for (const { name, cable, near, far } of hosts) {
    ip("netns", "add", name);
    ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", name);
    ip("addr", "add", `${near}/24`, "dev", cable);
    ip("link", "set", cable, "up");
    ip("-n", name, "addr", "add", `${far}/24`, "dev", "eth0");
    ip("-n", name, "link", "set", "lo", "up");
    ip("-n", name, "link", "set", "eth0", "up");
    ip("-n", name, "route", "add", "default", "via", near);
  }
  const [first] = hosts;
  return {
    address,
    command: (python, words) => {
      const [program = "", workers = "2", ...rest] = words;
      const half = [program, String(Math.ceil(Number(workers) / 2)), ...rest];
      // A name and a folder of tables of its own, as another machine has.
      const inside = `echo $0 > /proc/sys/kernel/hostname; export DEADWEIGHT_CACHES=$DEADWEIGHT_CACHES/$0; mkdir -pm 700 $DEADWEIGHT_CACHES; exec "$@"`;
      const started = hosts.map(
        ({ name }) => `ip netns exec ${name} unshare --uts sh -c '${inside}' ${name} ${[python, ...half].join(" ")} &`,
      );
      return ["sh", "-c", `${started.join(" ")} wait`];
    },
    unplug: () => ip("link", "set", first?.cable ?? "", "down"),
    isUnplugged: () => readFileSync(`/sys/class/net/${first?.cable}/operstate`, "utf8").trim() === "down",
    plug: () => ip("link", "set", first?.cable ?? "", "up"),
    [Symbol.dispose]: () => {
      for (const { name, cable } of hosts) {
        spawnSync("ip", ["link", "del", cable]);
        spawnSync("ip", ["netns", "del", name]);
      }
      spawnSync("ip", ["addr", "del", `${address}/32`, "dev", "lo"]);
    },
  };
}

function ip(...words: readonly string[]): void {
  execFileSync("ip", words, { stdio: ["ignore", "ignore", "pipe"] });
}

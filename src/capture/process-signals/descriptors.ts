// Open descriptors by kind, from the links in /proc/PID/fd.

import type { DescriptorCounts } from "../../model/sample.ts";
import type { ProcFs } from "../proc-fs.ts";

/** Links read at one time: about 3 us each. */
const MOST_LINKS = 2048;

/** Null when we may not look, or the process is gone. */
export function countDescriptors(proc: ProcFs, pid: number): DescriptorCounts | null {
  const names = proc.list(`${pid}/fd`);
  if (!names.ok) return null;
  const all = names.value;
  const stride = Math.max(1, Math.ceil(all.length / MOST_LINKS));
  const counts = { files: 0, sockets: 0, pipes: 0, others: 0 };
  let seen = 0;
  for (let at = 0; at < all.length; at += stride) {
    const link = proc.readLink(`${pid}/fd/${all[at]}`);
    // Closed since the folder was read.
    if (!link.ok) continue;
    counts[kindOfLink(link.value)] += 1;
    seen += 1;
  }
  return stride === 1 || seen === 0 ? counts : scaled(counts, all.length / seen, all.length);
}

export function kindOfLink(link: string): keyof DescriptorCounts {
  if (link.startsWith("socket:")) return "sockets";
  if (link.startsWith("pipe:")) return "pipes";
  // "anon_inode:[eventpoll]", and devices such as /dev/null or a terminal, of which nobody leaks thousands.
  return link.startsWith("/") && !link.startsWith("/dev/") ? "files" : "others";
}

function scaled(counts: DescriptorCounts, by: number, total: number): DescriptorCounts {
  const [files, sockets, pipes] = [counts.files, counts.sockets, counts.pipes].map((count) => Math.round(count * by));
  const named = { files: files ?? 0, sockets: sockets ?? 0, pipes: pipes ?? 0 };
  return { ...named, others: Math.max(0, total - named.files - named.sockets - named.pipes) };
}

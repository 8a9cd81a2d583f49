// Where a snapshot goes when nobody said.

/** "deadweight-4711-20261121-013000.dwsnap", in local time; "core" stands for a target that is no process. */
export function defaultFileName(target: string, nowMs: number): string {
  const who = /^\d+$/.test(target) ? target : "core";
  const now = new Date(nowMs);
  const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map(twoDigits).join("");
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(twoDigits).join("");
  return `deadweight-${who}-${day}-${time}.dwsnap`;
}

function twoDigits(part: number): string {
  return part.toString().padStart(2, "0");
}

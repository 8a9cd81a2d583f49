// `deadweight attach` and `detach`: what was in the process, for how long, and that it has left.

import { formatDuration } from "../base/format-duration.ts";
import type { AttachReport, DetachReport } from "../model/attach-report.ts";
import { probedProcessLines } from "./probed-process-lines.ts";
import { sentence, warningLines } from "./prose.ts";
import { renderLines, type TextStyle } from "./text-style.ts";

export function attachText(report: AttachReport, style: TextStyle): string {
  const { pid, python, seconds, ended, pauseMs } = report;
  const end =
    ended === "asked"
      ? "It has left, and the process goes on."
      : "The process ended, or somebody else took the probe out.";
  const text = `The probe was in process ${pid} (Python ${python}) for ${formatDuration(seconds * 1000)}. ${end}`;
  return renderLines(
    [
      ...sentence(text, style, "strong"),
      ...sentence(`To put it in, the process stood still for ${formatDuration(pauseMs)}.`, style, "faint"),
      ...probedProcessLines(report.processes, style),
      ...warningLines(report.refused, style),
    ],
    style,
  );
}

export function detachText({ pid, pauseMs }: DetachReport, style: TextStyle): string {
  const text = `Process ${pid} has no probe any more. To be told, it stood still for ${formatDuration(pauseMs)}.`;
  return renderLines(sentence(text, style), style);
}

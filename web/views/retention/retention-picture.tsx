// A picture of a heap that one can walk in with the pointer and with the keys.

import type { VNode } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { formatBytes } from "../../../src/base/format-bytes.ts";
import { formatPercent } from "../../../src/base/format-percent.ts";
import { useSize } from "../use-size.ts";
import type { Boxes } from "./boxes.ts";
import { coloursOf, inkFor } from "./colours.ts";
import type { FlatTree } from "./flat-tree.ts";
import { shortName } from "./label-text.ts";
import { PICTURE_KINDS, type PictureName, type Size } from "./picture-kinds.ts";
import { rowByKey } from "./row-by-key.ts";

export interface RetentionPictureProps {
  readonly kind: PictureName;
  readonly tree: FlatTree;
  /** The row that is the whole picture. */
  readonly top: number;
  readonly selected: number | null;
  readonly isDark: boolean;
  readonly onSelect: (row: number) => void;
  readonly onZoom: (row: number) => void;
}

export function RetentionPicture(props: RetentionPictureProps): VNode {
  const { kind, tree, top, selected, isDark, onSelect, onZoom } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(canvas);
  const [focused, focus] = useFocusedRow();
  const boxes = useMemo(() => PICTURE_KINDS[kind].layout(tree, top, size), [kind, tree, top, size]);
  const colours = useMemo(() => coloursOf(tree, isDark), [tree, isDark]);
  useEffect(() => {
    if (canvas.current !== null)
      paint(canvas.current, kind, size, {
        tree,
        boxes,
        colours,
        ink: inkFor(isDark),
        focused: focused.current,
        selected,
      });
  });
  const find = (event: MouseEvent): number | null =>
    PICTURE_KINDS[kind].find(tree, boxes, event.offsetX, event.offsetY, size);
  const onKeyDown = (event: KeyboardEvent): void => {
    // Keys may come faster than the picture is drawn anew.
    const at = focused.current ?? selected ?? top;
    const next = rowByKey(tree, boxes, at, event.key);
    if (next !== null) focus(next);
    else if (event.key === "Enter" || event.key === " ") onSelect(at);
    else if (event.key === "+") onZoom(at);
    else if (event.key === "-") onZoom(Math.max(0, tree.parent[top] ?? 0));
    else return;
    event.preventDefault();
  };
  return (
    <div class="picture">
      <canvas
        ref={canvas}
        tabIndex={0}
        role="application"
        aria-roledescription={kind}
        aria-label={`${kind} of the heap. Arrow keys walk, Enter looks at a place, plus makes it the whole picture, minus goes back. The table below says the same.`}
        onClick={(event) => select(find(event), onSelect)}
        onDblClick={(event) => select(find(event), onZoom)}
        onMouseMove={(event) => focus(find(event))}
        onMouseLeave={() => focus(null)}
        onKeyDown={onKeyDown}
      />
      <p class="told" aria-live="polite">
        {focused.current === null ? hintOf(tree, top) : told(tree, boxes, focused.current)}
      </p>
    </div>
  );
}

/** The row that the keys or the pointer are at. */
function useFocusedRow(): readonly [{ readonly current: number | null }, (row: number | null) => void] {
  const row = useRef<number | null>(null);
  const [, redraw] = useState<number | null>(null);
  const focus = (next: number | null): void => {
    row.current = next;
    redraw(next);
  };
  return [row, focus];
}

function select(row: number | null, act: (row: number) => void): void {
  if (row !== null) act(row);
}

function hintOf(tree: FlatTree, top: number): string {
  const row = tree.rows[top];
  const name = row === undefined || row.label === "" ? "The whole heap" : shortName(row.label);
  return `${name}: ${formatBytes(row?.retainedBytes ?? 0)}. Click a place to look at it, double-click to go into it.`;
}

function told(tree: FlatTree, { top }: Boxes, row: number): string {
  const { label, retainedBytes, ownCount, file, line } = tree.rows[row] ?? {
    label: "",
    retainedBytes: 0,
    ownCount: 0,
    file: null,
    line: null,
  };
  const share = retainedBytes / Math.max(1, tree.rows[top]?.retainedBytes ?? 1);
  const count = ownCount > 1 ? `, ${ownCount.toLocaleString("en")} objects` : "";
  const place = file === null ? "" : ` · ${file}${line === null ? "" : `:${line}`}`;
  const name = label === "" ? "the whole heap" : label;
  return `${name}: ${formatBytes(retainedBytes)} (${formatPercent(share)})${count}${place}`;
}

type Painted = Parameters<(typeof PICTURE_KINDS)["treemap"]["paint"]>[1];

function paint(canvas: HTMLCanvasElement, kind: PictureName, size: Size, picture: Painted): void {
  const context = canvas.getContext("2d");
  if (context === null || size.width === 0) return;
  const ratio = devicePixelRatio;
  canvas.width = Math.round(size.width * ratio);
  canvas.height = Math.round(size.height * ratio);
  context.scale(ratio, ratio);
  context.fillStyle = picture.ink.background;
  context.fillRect(0, 0, size.width, size.height);
  PICTURE_KINDS[kind].paint(context, picture, size);
}

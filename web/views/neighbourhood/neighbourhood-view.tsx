// Objects and references as a picture. Each object is a link that says what it is.

import type { VNode } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { formatBytes } from "../../../src/base/format-bytes.ts";
import { formatCount } from "../../../src/base/format-count.ts";
import type { Neighbour, NeighbourEdge, NeighbourhoodReport } from "../../../src/model/page-reports.ts";
import { useSize } from "../use-size.ts";
import { type GraphLayout, graphLayout, NODE_HEIGHT, type PlacedNeighbour } from "./graph-layout.ts";

export interface NeighbourhoodViewProps {
  readonly report: NeighbourhoodReport;
  readonly linkTo: (address: string) => string;
}

/** Of a letter of a name, on average, and of the room beside a name. */
const LETTER_WIDTH = 6.6;
const PADDING = 16;
const LABEL_LETTERS = 10;

export function NeighbourhoodView({ report, linkTo }: NeighbourhoodViewProps): VNode {
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const layout = useMemo(() => graphLayout(report, width), [report, width]);
  useLayoutEffect(() => {
    // The way to the object may be long: what was asked for is in sight first.
    const subject = [...layout.placed.values()].find(({ neighbour }) => neighbour.isSubject);
    if (box.current !== null && subject !== undefined)
      box.current.scrollLeft = subject.x + layout.nodeWidth / 2 - box.current.clientWidth / 2;
  }, [layout]);
  return (
    <div ref={box} class="graph" tabIndex={0} role="group" aria-label="Neighbourhood, holders on the left">
      <svg width={layout.width} height={layout.height} role="group" aria-label="Objects and references">
        {report.edges.map((edge) => (
          <EdgeLine key={`${edge.from} ${edge.to}`} edge={edge} layout={layout} />
        ))}
        {report.edges.map((edge) => (
          <EdgeLabel key={`${edge.from} ${edge.to}`} edge={edge} layout={layout} />
        ))}
        {[...layout.placed.values()].map((placed) => (
          <Node key={placed.neighbour.node} placed={placed} width={layout.nodeWidth} linkTo={linkTo} />
        ))}
      </svg>
    </div>
  );
}

interface EdgeProps {
  readonly edge: NeighbourEdge;
  readonly layout: GraphLayout;
}

function EdgeLine({ edge, layout }: EdgeProps): VNode | null {
  const [from, to] = [layout.placed.get(edge.from), layout.placed.get(edge.to)];
  if (from === undefined || to === undefined) return null;
  const [x1, y1] = [from.x + layout.nodeWidth, from.y + NODE_HEIGHT / 2];
  const [x2, y2] = [to.x, to.y + NODE_HEIGHT / 2];
  const bend = Math.max(24, Math.abs(x2 - x1) / 2);
  return (
    <g class={edge.isPath ? "edge on-path" : "edge"}>
      <path d={`M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}`} />
    </g>
  );
}

/** Over all lines, so that none runs through it. */
function EdgeLabel({ edge, layout }: EdgeProps): VNode | null {
  const to = layout.placed.get(edge.to);
  if (to === undefined || !layout.placed.has(edge.from)) return null;
  return (
    <g class="edge">
      <text x={to.x - 6} y={to.y + NODE_HEIGHT / 2 - 5} text-anchor="end">
        {cut(edge.label, LABEL_LETTERS)}
      </text>
    </g>
  );
}

interface NodeProps {
  readonly placed: PlacedNeighbour;
  readonly width: number;
  readonly linkTo: (address: string) => string;
}

function Node({ placed: { neighbour, x, y }, width, linkTo }: NodeProps): VNode {
  const { type, name, address, isSubject, heldBytes } = neighbour;
  const letters = Math.floor((width - PADDING) / LETTER_WIDTH);
  const size = sizeText(neighbour);
  return (
    <a href={linkTo(address)} class={isSubject ? "node subject" : "node"}>
      <title>{sentence(neighbour)}</title>
      <rect x={x} y={y} width={width} height={NODE_HEIGHT} rx={5} />
      <text x={x + 8} y={y + 16}>
        {cut(name ?? type, letters)}
      </text>
      <text x={x + 8} y={y + 32} class="aside">
        {size.length <= letters ? size : formatBytes(heldBytes)}
      </text>
    </a>
  );
}

function sizeText({ heldBytes, entries, hiddenTargets }: Neighbour): string {
  const more = hiddenTargets > 0 && entries === null ? ` · +${formatCount(hiddenTargets)}` : "";
  return `${formatBytes(heldBytes)}${entries === null ? "" : ` · ${formatCount(entries)} entries`}${more}`;
}

function sentence(neighbour: Neighbour): string {
  const { name, type, address } = neighbour;
  return `${name === null ? "" : `${name}, `}${type} at ${address}, ${sizeText(neighbour)}`;
}

/** The end of a name says more than its beginning. */
function cut(text: string, letters: number): string {
  return text.length <= letters ? text : `…${text.slice(text.length - letters + 1)}`;
}

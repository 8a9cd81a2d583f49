"""The table of what a call leaves behind, for a failed test."""

from typing import List

from ._guard_rounds import Growth, Outcome

MOST_ROWS = 10


def leak_table(outcome: Outcome, subject: str) -> str:
    """Ten rows at most, the holders first: `+1.00 per call`, from, to, kind, name."""
    rows = [_cells(growth) for growth in outcome.growths[:MOST_ROWS]]
    widths = [max(len(row[at]) for row in rows) for at in range(3)]
    lines = [
        f"{subject} leaves something behind: it grew in each of {outcome.rounds} rounds ({outcome.calls:,} calls).",
        "",
    ]
    for row, growth in zip(rows, outcome.growths):
        lines.append(f"  {row[0]:>{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:<{widths[2]}}  {row[3]}")
        if growth.holder is not None and growth.kind == "objects":
            lines.append(" " * (sum(widths) + 8) + f"held by {growth.holder}")
    left = len(outcome.growths) - MOST_ROWS
    if left > 0:
        lines.append(f"  and {left} more")
    return "\n".join(lines)


def _cells(growth: Growth) -> List[str]:
    if growth.kind == "memory":
        return [f"{growth.per_call:+,.0f} B per call", _span(growth), "memory", growth.name]
    what = f"{growth.what} entries" if growth.kind == "container" else "objects"
    return [f"{growth.per_call:+.2f} per call", _span(growth), what, growth.name]


def _span(growth: Growth) -> str:
    return f"{growth.before:,} -> {growth.after:,}"


def brief(growth: Growth) -> str:
    """One line for a JUnit property."""
    cells = _cells(growth)
    return f"{cells[0]}: {cells[3]} ({cells[2]}, {cells[1]})"

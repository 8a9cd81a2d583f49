"""The report as a table for people, in the columns of the older tool."""

from typing import Any, Dict, List

MIB = 1024 * 1024


def lines_table(report: Dict[str, Any], precision: int = 1) -> str:
    """One table per function, then what must be known to read it."""
    functions = report["functions"]
    if not functions:
        return "No chosen function ran.\n"
    return "\n".join(_function_table(function, report, precision) for function in functions)


def _function_table(function: Dict[str, Any], report: Dict[str, Any], precision: int) -> str:
    rows = [f"{function['module']}:{function['function']}", f"Filename: {function['file']}", ""]
    rows.append(f"{'Line #':>6} {'Mem usage':>14} {'Increment':>14} {'Occurrences':>12}   Line Contents")
    rows.append("=" * 66)
    rows.extend(_row(line, precision).rstrip() for line in function["lines"])
    total, peak = _mib(function["totalBytes"], precision), _mib(function["peakBytes"], precision)
    rows.extend(["", f"Total {total}, peak {peak}, {function['calls']:,} calls"])
    rows.extend(remarks(function, report, precision))
    return "\n".join(rows) + "\n"


def _row(line: Dict[str, Any], precision: int) -> str:
    memory = "" if line["memoryBytes"] is None else _mib(line["memoryBytes"], precision)
    increment = "" if line["incrementBytes"] is None else _mib(line["incrementBytes"], precision)
    if line["estimatedBytes"]:
        increment = "~" + increment
    occurrences = "" if not line["occurrences"] else f"{line['occurrences']}{'+' if line['isLeast'] else ''}"
    return f"{line['line']:>6} {memory:>14} {increment:>14} {occurrences:>12}   {line['source']}"


def _mib(amount: int, precision: int) -> str:
    return f"{amount / MIB:.{precision}f} MiB"


def remarks(function: Dict[str, Any], report: Dict[str, Any], precision: int = 1) -> List[str]:
    """What the figures of a function do not say by themselves, in full sentences."""
    said: List[str] = []
    if any(line["isLeast"] for line in function["lines"]):
        said.append(
            "N+: the line ran more often; it was left alone while it did not grow, and watched again in samples."
        )
    if any(line["estimatedBytes"] for line in function["lines"]):
        said.append(
            "~: part of it came between lines that were not watched, and is shared out by what these lines did before."
        )
    if function["unplaced"] is not None:
        amount = _mib(function["unplaced"]["bytes"], precision)
        lines = ", ".join(str(number) for number in function["unplaced"]["lines"])
        said.append(f"{amount} came in one of the lines {lines}; which one was not seen.")
    if function["measuredCalls"] < function["calls"]:
        said.append(
            f"{function['measuredCalls']:,} of {function['calls']:,} calls were measured; the increments are theirs."
        )
    if function["suspensions"]:
        said.append(f"It was suspended {function['suspensions']:,} times; what others took meanwhile is not counted.")
    if function["isRecursive"]:
        said.append("It calls itself; growth is counted once, in the innermost call.")
    if function["sharesMemoryWithThreads"]:
        said.append(
            "Another thread ran a chosen function at the same time; memory is the whole process's, so increments mix."
        )
    if not report["seesReleases"]:
        said.append("This system tells the peak only: a line that stays below an earlier peak shows nothing.")
    return said

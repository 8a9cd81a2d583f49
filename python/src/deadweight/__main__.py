"""`python -m deadweight race ...`; everything else is done by the `deadweight` command, which is no Python program."""

import sys
from typing import List


def main(words: List[str]) -> int:
    """The exit code."""
    if words[:1] == ["race"]:
        from ._race_command import main as race

        return race(words[1:])
    print("usage: python -m deadweight race MODULE[:FUNCTION] ...", file=sys.stderr)
    return 0 if words[:1] in (["-h"], ["--help"]) else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

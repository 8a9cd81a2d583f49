"""Runs a script with chosen functions watched: what `deadweight lines` starts. Not imported by anything.

    python _lines_launch.py REPORT PATTERNS SCRIPT [ARGUMENT...]

REPORT is the file that gets the JSON report. PATTERNS is a JSON object {"functions": [...], "modules": [...]}; both
empty: the functions decorated with `profile`, or all of the script when there are none. The script runs as
`__main__` with its own sys.argv and sys.path[0], as without us; its exit code is ours.
"""

import builtins
import json
import os
import sys
from typing import Any, Dict, Optional

_PACKAGE_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def main(report_file: str, patterns: Dict[str, Any], script: str) -> None:
    """Whatever way the script ends, the report is written; SystemExit and errors go on to the interpreter."""
    # In place of this file's own folder; behind everything the script itself can find.
    sys.path[0] = os.path.dirname(os.path.abspath(script))
    sys.path.append(_PACKAGE_ROOT)
    from deadweight._lines_choice import Choice, parse_choice
    from deadweight._lines_profile import profile, use_session
    from deadweight._lines_session import LinesSession

    with open(script, "rb") as source:
        text = source.read()
    choice: Optional[Choice] = None
    if patterns["functions"] or patterns["modules"]:
        choice = parse_choice(patterns["functions"], patterns["modules"])
    elif not _uses_profile(text):
        choice = Choice((), ("__main__",))
    code = compile(text, script, "exec", dont_inherit=True)
    session = LinesSession(choice)
    use_session(session)
    if not hasattr(builtins, "profile"):
        builtins.profile = profile  # type: ignore[attr-defined]
    main_module = _fresh_main(script)
    parent = os.getpid()
    session.start()
    try:
        exec(code, main_module.__dict__)
    finally:
        session.stop()
        if os.getpid() == parent:
            _write_report(session, script, report_file)


def _uses_profile(text: bytes) -> bool:
    """Whether a function is decorated with `profile`, bare or as an attribute."""
    import ast

    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    for node in ast.walk(tree):
        for decorator in getattr(node, "decorator_list", ()):
            target = decorator.func if isinstance(decorator, ast.Call) else decorator
            if getattr(target, "attr", getattr(target, "id", "")) == "profile":
                return True
    return False


def _fresh_main(script: str) -> Any:
    """A `__main__` without our names; pickling and multiprocessing find the script's own there."""
    from types import ModuleType

    module = ModuleType("__main__")
    module.__dict__.update(__file__=script, __builtins__=builtins, __spec__=None)
    # Ours must live on: its functions run until the end.
    sys.modules["__deadweight_lines__"] = sys.modules["__main__"]
    sys.modules["__main__"] = module
    return module


def _write_report(session: Any, script: str, report_file: str) -> None:
    from deadweight._lines_report import lines_report

    partial = report_file + ".partial"
    with open(partial, "w", encoding="utf-8", errors="backslashreplace") as out:
        json.dump(lines_report(session, script), out)
    os.replace(partial, report_file)


if __name__ == "__main__":
    _report, _patterns, _script = sys.argv[1:4]
    sys.argv[:] = sys.argv[3:]
    main(_report, json.loads(_patterns), _script)

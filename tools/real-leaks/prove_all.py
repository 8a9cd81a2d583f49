"""Installs both versions of each case in virtual environments and proves that the leaky one grows and the fixed one does not.

prove_all.py FOLDER [CASE...]. Interpreters are taken from pyenv and from PATH. Ends with 1 when a case does not behave as it says.
"""

import glob
import json
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
MINORS = (11, 10, 12, 9, 13, 8)


def interpreters():
    found = {}
    for minor in MINORS:
        pyenv = sorted(glob.glob(os.path.expanduser(f"~/.pyenv/versions/3.{minor}.*/bin/python3.{minor}")))
        path = pyenv[-1] if pyenv else shutil.which(f"python3.{minor}")
        if path is not None:
            found[minor] = path
    return found


def holds(minor, clauses):
    for operator, bound in re.findall(r"(>=|<)3\.(\d+)", clauses):
        if not (minor >= int(bound) if operator == ">=" else minor < int(bound)):
            return False
    return True


def environment(folder, case, version, python):
    path = os.path.join(folder, f"{case['id']}-{version}")
    program = os.path.join(path, "bin", "python")
    if not os.path.exists(os.path.join(path, "installed")):
        subprocess.run([python, "-m", "venv", path], check=True)
        wanted = [f"{case['package']}=={version}", *case["needs"]]
        subprocess.run([program, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted], check=True)
        open(os.path.join(path, "installed"), "w").close()
    return program


def growth(program, case):
    script = os.path.join(HERE, "cases", f"{case['id']}.py")
    arguments = [os.path.join(HERE, "prove.py"), script, str(case["warmUp"]), str(case["exercise"])]
    run = subprocess.run([program, "-W", "ignore", *arguments], check=True, stdout=subprocess.PIPE, timeout=300)
    answer = json.loads(run.stdout.decode().splitlines()[-1])
    return answer["after"] - answer["before"]


def program_of(folder, case, which, pythons):
    version = case[which]
    if case["package"] == "cpython":
        return pythons.get(int(version.split(".")[1]))
    python = next((path for minor, path in pythons.items() if holds(minor, case["python"])), None)
    return None if python is None else environment(folder, case, version, python)


def prove(folder, case, pythons):
    """A line for the table, and whether the case behaves as it says."""
    words, good = [], True
    for which in ("leaky", "fixed"):
        if case[which] is None:
            words.append("no fixed version")
            continue
        program = program_of(folder, case, which, pythons)
        if program is None:
            return f"{case['id']}: no interpreter for it here", True
        grown = growth(program, case)
        good = good and (grown >= case["exercise"] / 2 if which == "leaky" else grown <= case["exercise"] / 10)
        words.append(f"{which} {case[which]} {grown:+d}")
    return f"{case['id']}: {', '.join(words)} in {case['exercise']} calls{'' if good else '  NOT AS CLAIMED'}", good


def main(folder, *wanted):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(HERE, "cases.json")) as file:
        cases = json.load(file)["cases"]
    chosen = [case for case in cases if not wanted or case["id"] in wanted]
    pythons = interpreters()
    failed = 0
    for case in chosen:
        line, good = prove(folder, case, pythons)
        print(line, flush=True)
        failed += not good
    print(f"{len(chosen) - failed} of {len(chosen)} cases behave as they say")
    return 1 if failed or not chosen else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

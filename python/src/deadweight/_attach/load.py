"""Loads the probe into a process that is already running; executed once by call.py.

`packages` are (name, folder, sources by module name, in the order in which they can be executed), first the probe; without a
`socket_path` only what is to be beside it.
Nothing is looked for on any path, and no file is left. Modules of the standard library are imported here, in the
program's own thread; all the rest happens in the probe's.
"""


def _load(packages, preloads, socket_path):
    import sys

    if socket_path is None:
        return _load_beside(packages, preloads)
    present = sys.modules.get("_deadweight_probe")
    if present is not None:
        link = getattr(present, "link", None)
        if link is not None and link.is_leaving:
            return "leaving"
        if link is None or link.is_alive():
            return "present"
        # That of a tool that has been gone for long.
        link.dismiss()
    # A fork in the middle of an import in another thread would leave its lock closed in the child for good.
    import _functools  # noqa: F401
    import _signal  # noqa: F401
    import _socket  # noqa: F401
    import _thread
    import _tracemalloc  # noqa: F401
    import atexit  # noqa: F401
    import gc  # noqa: F401
    import os  # noqa: F401

    for name in preloads:
        __import__(name)
    if hasattr(sys, "audit"):
        sys.audit("deadweight.attach", socket_path)
    _thread.start_new_thread(_begin, (packages, socket_path))
    return "loading"


def _load_beside(packages, preloads):
    """More for a probe that is here already."""
    import sys

    for name in preloads:
        __import__(name)
    for prefix, folder, sources in packages:
        if prefix not in sys.modules:
            _execute(prefix, folder, sources, [])
    return "loaded"


def _begin(packages, socket_path):
    import os
    import sys

    made = []
    try:
        for prefix, folder, sources in packages:
            _execute(prefix, folder, sources, made)
        sys.modules["_deadweight_probe.start"].begin(socket_path, leave_when_alone=True)
    except BaseException as error:
        for name in made:
            sys.modules.pop(name, None)
        try:
            fd = os.open(os.path.dirname(socket_path) + "/failure", os.O_WRONLY | os.O_CREAT, 0o600)
            os.write(fd, ("%s: %s" % (type(error).__name__, error)).encode())
            os.close(fd)
        except OSError:
            pass


def _execute(prefix, folder, sources, made):
    import sys

    package = sys.modules[prefix] = type(sys)(prefix)
    made.append(prefix)
    package.__path__ = []
    package.__package__ = prefix
    for name, source in sources.items():
        module = sys.modules[prefix + "." + name] = type(sys)(prefix + "." + name)
        made.append(prefix + "." + name)
        module.__package__ = prefix
        module.__file__ = folder + "/" + name + ".py"
        exec(compile(source, module.__file__, "exec"), module.__dict__)
        setattr(package, name, module)


answer = _load(packages, preloads, socket_path)  # type: ignore[name-defined]  # noqa: F821

"""Loads Deadweight's probe when the interpreter starts, then the sitecustomize that would have run without us.

`deadweight run` puts this folder, which has nothing else in it, in front of PYTHONPATH. The folder leaves sys.path at
once, so the program sees the path it would have had; PYTHONPATH itself stays, because child processes need it.
"""


def _load_probe(package_folder, bytecode_folder):
    """Imports the probe under a private name, so that a `deadweight` of the program's own is not replaced by ours.

    Its bytecode is kept where the tool says: compiling takes 10 ms, and the package's own folder may be read-only. No
    thread of the program runs yet, so nothing else is imported under these settings.
    """
    import sys

    if "_deadweight_probe" in sys.modules:
        return
    import _frozen_importlib
    import _frozen_importlib_external

    folder = package_folder + "/_probe"
    spec = _frozen_importlib_external.spec_from_file_location(
        "_deadweight_probe", folder + "/__init__.py", submodule_search_locations=[folder]
    )
    module = _frozen_importlib.module_from_spec(spec)
    sys.modules["_deadweight_probe"] = module
    settings = sys.pycache_prefix, sys.dont_write_bytecode
    if bytecode_folder:
        sys.pycache_prefix, sys.dont_write_bytecode = bytecode_folder, False
    try:
        spec.loader.exec_module(module)
        from _deadweight_probe.start import start  # type: ignore[import-not-found]

        start()
    except BaseException:
        sys.modules.pop("_deadweight_probe", None)
        raise
    finally:
        sys.pycache_prefix, sys.dont_write_bytecode = settings


def _leave_path(boot_folder):
    """Takes our folder off sys.path, however it is spelled there."""
    import os
    import sys

    sys.path[:] = [entry for entry in sys.path if not entry or os.path.abspath(entry) != boot_folder]
    sys.path_importer_cache.pop(boot_folder, None)


def _chain():
    """Runs the next sitecustomize on the path, as if we had not been there."""
    import sys

    ours = sys.modules.pop("sitecustomize", None)
    try:
        import sitecustomize  # noqa: F401
    except ImportError as error:
        # `site` forgives exactly this one; any other error is the program's own and has to look like it.
        if getattr(error, "name", None) != "sitecustomize":
            raise
    finally:
        # The import machinery looks our own name up again after it has run us.
        sys.modules.setdefault("sitecustomize", ours)


def _boot():
    import os

    boot_folder = os.path.dirname(os.path.abspath(__file__))
    _leave_path(boot_folder)
    try:
        _load_probe(os.path.dirname(boot_folder), os.environ.get("DEADWEIGHT_PROBE_BYTECODE"))
    except Exception as error:
        # The program comes first: it starts without the probe, and only who asks is told.
        if os.environ.get("DEADWEIGHT_PROBE_DEBUG"):
            os.write(2, ("deadweight: the probe was not loaded: %r\n" % (error,)).encode())
    _chain()


_boot()

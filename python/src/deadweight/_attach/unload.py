"""Takes the probe out of a running process, whoever put it in; executed once by call.py."""


def _unload():
    import sys

    present = sys.modules.get("_deadweight_probe")
    if present is None:
        return "absent"
    link = getattr(present, "link", None)
    if link is None:
        return "loading"
    if hasattr(sys, "audit"):
        sys.audit("deadweight.detach")
    link.dismiss()
    return "gone"


answer = _unload()

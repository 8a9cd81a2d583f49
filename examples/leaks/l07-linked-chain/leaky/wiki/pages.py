"""Edits the one page of this wiki."""

from wiki import versions


def answer(number):
    version = versions.replace("edit %d: " % number + "more text " * 300)
    return version.text[:40]

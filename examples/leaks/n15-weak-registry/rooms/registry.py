"""Finds guests by name."""

import weakref

BY_NAME = weakref.WeakValueDictionary()


def enter(guest):
    BY_NAME[guest.name] = guest

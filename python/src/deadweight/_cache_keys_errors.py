"""What is said of an argument that has no stable key: where it is, why, and the one line that helps."""

from typing import Any, Callable, Iterable, List, NamedTuple, Tuple

LONGEST_LABEL = 40


class UnstableKeyError(TypeError):
    """An argument has no key that would be the same in another process.

    `function`, `argument` and `path` (the place inside the argument, `['owner'].session`) say where it is.
    """

    def __init__(self, sentence: str, function: str, argument: str, path: str) -> None:
        super().__init__(sentence)
        self.function = function
        self.argument = argument
        self.path = path

    def __reduce__(self) -> Tuple[Any, ...]:
        return type(self), (str(self), self.function, self.argument, self.path)


class Refused(Exception):
    """A writer met a value without a stable key; where it is, is found out afterwards."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(what)
        self.what = what
        self.fix = fix


class Place(NamedTuple):
    """Where inside an argument the refused value is, and what is wrong with it."""

    path: str
    what: str
    fix: str


Write = Callable[[Any], bytes]
Children = Callable[[Any], Iterable[Tuple[str, Any]]]


def locate(value: Any, refusal: Refused, write: Write, children: Children) -> Place:
    """Follows the refusal down to the value it is about. The way down is walked only once something was refused,

    so that keys which succeed pay nothing for it. Calls of `write`: one per value beside the path.
    """
    path = ""
    above: List[Any] = [value]
    while True:
        for label, child in children(value):
            if any(child is each for each in above):
                fix = "write key=lambda ...: with what the result depends on, without the way back"
                return Place(path + label, "leads back to " + _name_of(path, above, child), fix)
            try:
                write(child)
            except Refused as found:
                path, value, refusal = path + label, child, found
                above.append(child)
                break
        else:
            return Place(path, refusal.what, refusal.fix)


def _name_of(path: str, above: List[Any], child: Any) -> str:
    ancestor = next(at for at, each in enumerate(above) if each is child)
    levels = len(above) - ancestor
    return "the value that holds it" if levels == 1 else "the value %d levels above it" % levels


def label_of_key(key: Any, at: int) -> str:
    """`['user']` for a short text or a number, else the place in the dict: keys may be private or long."""
    if type(key) in (str, int, bytes, bool) and len(repr(key)) <= LONGEST_LABEL:
        return "[%r]" % (key,)
    return " value %d" % at


def sentence_of(function: str, argument: str, place: Place) -> str:
    """The whole message: function, argument, place, reason, and the line that helps."""
    who = "%s: " % function if function else ""
    inside = "%s of argument '%s'" % (place.path.lstrip(), argument) if place.path else "argument '%s'" % argument
    return "%s%s %s, so it has no stable key; %s." % (who, inside, place.what, place.fix)

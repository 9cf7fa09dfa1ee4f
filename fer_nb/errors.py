"""The one error that is the user's to mend: bad data, an unknown name, a setting out of range."""

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

LONGEST = 300  # characters of a message on the terminal


class InputError(ValueError):
    """Bad input or usage; its message is one line that says what was expected and what came.

    The command line prints the message alone, without a traceback, and exits with status 2; a notebook shows
    the message alone.
    """

    def _render_traceback_(self) -> list[str]:  # IPython's name for what a cell shows of an error
        return [f"{type(self).__name__}: {self}"]

    @classmethod
    def expected(cls, where: object, wanted: str, found: object) -> "InputError":
        """Return the error "WHERE: expected WANTED, found FOUND"; it is of the class that it is asked of."""
        return cls(f"{where}: expected {wanted}, found {found}")

    @classmethod
    def unreadable(cls, where: object, error: OSError) -> "InputError":
        """Return the error for a file that the system refuses to read, in the system's words."""
        return cls.expected(error.filename or where, "a file that can be read", error.strerror or error)


def unknown_name(kind: str, name: object, known: Iterable[str]) -> InputError:
    """Return the error for a name that does not exist, with the nearest known name.

    Args:
        kind: What is named, for example "recipe".
        name: The name that came.
        known: Every name that would have done.
    """
    names = sorted(known)
    near = difflib.get_close_matches(str(name)[:LONGEST], names, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}?" if near else f"expected one of {', '.join(names)}"
    return InputError(f"unknown {kind} {str(name)!r}: {hint}")


def known_name(kind: str, name: str, known: Collection[str]) -> str:
    """Return the name if it is a known one.

    Raises:
        InputError: As `unknown_name` says it.
    """
    if name not in known:
        raise unknown_name(kind, name, known)
    return name


def check_settings(record: Any, allowed: Mapping[str, Sequence[Any]], *, where: str) -> None:
    """Refuse a record with a setting that it may not have; None may be what is None by default.

    Args:
        record: Its settings are its attributes.
        allowed: Setting -> the names that it may be, or the lowest and the highest number, whole where only
            whole numbers will do.
        where: What a message begins with.

    Raises:
        InputError: A name is unknown, or a number is out of its range or not whole.
    """
    for setting, known in allowed.items():
        value, (low, high) = getattr(record, setting), known[:2]
        if isinstance(low, str):
            known_name(f"{setting} of {where}", value, known)
        elif value is not None or getattr(type(record), setting, 0) is not None:
            kind, what = (int, "a whole number") if isinstance(low, int) else (int | float, "a number")
            if not isinstance(value, kind) or isinstance(value, bool) or not low <= value <= high:
                raise InputError.expected(
                    f"{where}: {setting}", f"{what} from {low:g} to {high:g}", repr(value)
                )


def printable(text: object, *, longest: int = LONGEST) -> str:
    r"""Return a text as a terminal may show it: one line, of at most `longest` characters.

    Names of files come from others: control characters, marks that turn the direction of writing, and bytes
    that are no UTF-8 are written as `\x1b`. Of a longer text the middle is left out: it begins with the file
    and ends with what was found.
    """
    line = " ".join(str(text).split())
    safe = "".join(
        c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in line
    )
    half = longest // 2
    return safe if len(safe) <= longest else f"{safe[: longest - half - 1]}…{safe[-half:]}"

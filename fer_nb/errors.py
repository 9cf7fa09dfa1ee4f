"""The one error that is the user's to mend: bad data, an unknown name, a setting out of range."""

import difflib
from collections.abc import Iterable


class InputError(ValueError):
    """Bad input or usage; its message is one line that says what was expected and what came.

    The command line prints the message alone, without a traceback, and exits with status 2.
    """


def unknown_name(kind: str, name: object, known: Iterable[str]) -> InputError:
    """Return the error for a name that does not exist, with the nearest known name.

    Args:
        kind: What is named, for example "recipe".
        name: The name that came.
        known: Every name that would have done.
    """
    names = sorted(known)
    near = difflib.get_close_matches(str(name), names, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}?" if near else f"expected one of {', '.join(names)}"
    return InputError(f"unknown {kind} {str(name)!r}: {hint}")

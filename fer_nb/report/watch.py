"""Sees that a student has saved something."""

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

PAUSE = 0.5  # seconds between two looks


def changes(
    paths: Callable[[], Iterable[Path]], *, sleep: Callable[[float], object] = time.sleep
) -> Iterator[list[Path]]:
    """Yield no paths at once, and from then on those that appeared, changed or went, whenever some did.

    Looking every half second at some hundred files costs nothing; what is changed while the caller is busy
    is yielded as soon as it asks again.

    Args:
        paths: Lists the files to look at.
        sleep: Waits some seconds.
    """
    seen = _times(paths())
    yield []
    while True:
        now = _times(paths())
        if now == seen:
            sleep(PAUSE)
            continue
        changed = [path for path in {**seen, **now} if seen.get(path) != now.get(path)]
        seen = now
        yield changed


def _times(paths: Iterable[Path]) -> dict[Path, int]:
    times = {}
    for path in paths:
        try:
            times[path] = path.stat().st_mtime_ns
        except FileNotFoundError:  # an editor is just replacing it
            continue
    return times

"""How long a run of notebooks will yet take: as estimated, as right as that was so far."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tqdm import tqdm

CLOSE = 1.25  # times the estimate, within which it is not mended aloud


class Forecast(NamedTuple):
    """How long notebooks may take.

    Attributes:
        seconds: Of each, by its name.
        slower: Given a notebook's name and what it printed, how many times as long as estimated the epoch
            took of which that speaks; None where it speaks of none.
    """

    seconds: Mapping[str, float]
    slower: Callable[[str, str], float | None]


UNKNOWN = Forecast({}, lambda name, printed: None)


@dataclass
class TimeLeft:
    """The time left, from one notebook and one epoch to the next.

    Attributes:
        names: Of the notebooks, in their order.
        forecast: How long they may take.
        echo: Prints a line.
        ended: The seconds of those that have run.
        times: As long as estimated: the notebooks that have ended, and then the epochs of this one.
        started: When this notebook was, by the monotonic clock.
        mended: Whether an epoch of this notebook has been compared.
    """

    names: Sequence[str]
    forecast: Forecast
    echo: Callable[[str], None]
    ended: list[float] = field(default_factory=list)
    times: float = 1.0
    started: float = field(default_factory=time.monotonic)
    mended: bool = False

    def start(self) -> None:
        """Begin with the next notebook."""
        self.started, self.mended = time.monotonic(), False

    def seconds(self, ran: float = 0.0) -> float:
        """Return the seconds left when this notebook has run for some."""
        waiting = self.names[len(self.ended) :]
        return max(0.0, self.times * self._estimated(waiting) - ran)

    def bar(self) -> str:
        """Return what the progress bar of this notebook says."""
        left = self.seconds(time.monotonic() - self.started)
        until = f", all done at about {clock(left)}" if left else ""
        return f"[{len(self.ended) + 1}/{len(self.names)}] {self.names[len(self.ended)]}{until}: cell"

    def hear(self, printed: str) -> str:
        """Mend the time left by what this notebook printed; return what its bar says now.

        A line says so where the first epoch took clearly longer, or less long, than what was assumed.
        """
        name = self.names[len(self.ended)]
        if (times := self.forecast.slower(name, printed)) is not None:
            before, self.times = self.times, times
            if not self.mended and not 1 / CLOSE < times / before < CLOSE:
                left = duration(self.seconds(time.monotonic() - self.started))
                with tqdm.external_write_mode():  # the bar stands in the line
                    self.echo(f"{name}: an epoch took {times:.1f} times the estimate, about {left} left")
            self.mended = True
        return self.bar()

    def end(self, seconds: float) -> float:
        """Take in how long this notebook took; return the seconds left.

        What has ended tells as much of the rest as it was estimated to be of the whole: a short notebook that
        took ten times as long does not make ten hours of the one that follows.
        """
        self.ended.append(seconds)
        estimated = self._estimated(self.names[: len(self.ended)])
        if estimated:
            share = estimated / self._estimated(self.names)
            self.times += share * (sum(self.ended) / estimated - self.times)
        return self.seconds()

    def _estimated(self, names: Sequence[str]) -> float:
        return sum(self.forecast.seconds.get(name, 0.0) for name in names)


def clock(seconds: float) -> str:
    """Return the time of day when these seconds will have passed."""
    return time.strftime("%H:%M", time.localtime(time.time() + seconds))


def duration(seconds: float) -> str:
    """Return seconds as a person says them: `40 s`, `12 min`, `3.5 h`."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"

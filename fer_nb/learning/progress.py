"""The one progress bar of training: a bar on a terminal and in JupyterLab, elsewhere a line an epoch."""

import os
import re
import sys
import time
from collections.abc import Mapping

from tqdm import tqdm
from tqdm.notebook import tqdm as notebook_bar

# What `read_epoch` finds in the line of an epoch.
_EPOCH = re.compile(r"^(.+): epoch (\d+)/\d+ .* ([\d,]+) images/s ", re.MULTILINE)
STYLES = ("bar", "lines", "none")
STYLE_VARIABLE = "FER_NB_PROGRESS"


def default_style() -> str:
    """Return FER_NB_PROGRESS where it is set, else "bar" on a terminal or in a kernel, else "lines"."""
    asked = os.environ.get(STYLE_VARIABLE, "")
    if asked in STYLES:
        return asked
    return "bar" if _in_kernel() or sys.stderr.isatty() else "lines"


def _in_kernel() -> bool:
    # Whoever looks for kernels has the module `ipykernel` too; only a kernel's own shell has a kernel.
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


class Progress:
    """Shows where training stands: epoch, loss, accuracy, images a second and the time left.

    Args:
        title: What is trained.
        epochs: Epochs of the whole training.
        done: Epochs that an earlier, interrupted training has finished.
        steps: Steps an epoch.
        images: Images an epoch.
        style: One of STYLES; by default `default_style()`.
    """

    def __init__(
        self, title: str, *, epochs: int, done: int, steps: int, images: int, style: str | None = None
    ) -> None:
        self.title, self.epochs, self.done, self.steps, self.images = title, epochs, done, steps, images
        self.style = style or default_style()
        self.started = time.monotonic()
        self.bar = (notebook_bar if _in_kernel() else tqdm)(
            total=epochs * images, initial=done * images, desc=title, unit="img", unit_scale=True,
            dynamic_ncols=True, leave=False, mininterval=0.5, disable=self.style != "bar",
        )  # fmt: skip

    def step(self, epoch: int, logs: Mapping[str, float]) -> None:
        """Count one step of an epoch (from 0)."""
        if self.style != "bar":
            return
        self.bar.set_postfix_str(
            f"epoch {epoch + 1}/{self.epochs}, loss {logs['loss']:.3f}, accuracy {logs['accuracy']:.3f}",
            refresh=False,
        )
        # Shares of an image add up to a hair above the total, of which tqdm would warn.
        self.bar.update(min(self.images / self.steps, self.bar.total - self.bar.n))

    def epoch(self, row: Mapping[str, float]) -> None:
        """Close an epoch with its row of the history."""
        if self.style == "none":
            return
        number = int(row["epoch"])
        left = (time.monotonic() - self.started) / (number - self.done) * (self.epochs - number)
        line = (
            f"{self.title}: epoch {number}/{self.epochs}"
            f"  loss {row['loss']:.3f}  accuracy {row['accuracy']:.3f}"
            f"  validation {row['validation_loss']:.3f} {row['validation_accuracy']:.3f}"
            f"  {self.images / row['seconds']:,.0f} images/s"
            f"  {tqdm.format_interval(left)} left"
        )
        # A notebook shows standard error in red; a command's standard output is for its answer.
        tqdm.write(line, file=sys.stdout if _in_kernel() else sys.stderr)

    def close(self) -> None:
        """Take the bar away."""
        self.bar.close()


def read_epoch(printed: str) -> tuple[str, int, float] | None:
    """Return title, number (from 1) and images a second of the last epoch that a text tells of, if any."""
    title, number, rate = (_EPOCH.findall(printed) or [("", "0", "0")])[-1]
    return (title, int(number), float(rate.replace(",", ""))) if title else None

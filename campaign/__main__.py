"""`nox -s campaign -- [--minutes N] [--seed S] [--only KIND] [--write]`: run cases, and tell of faults."""

import importlib
import math
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import click
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.database import DirectoryBasedExampleDatabase

from campaign.kit import Kit, make_kit
from campaign.processes import ROOT, FaultError
from fer_nb.commands.backend import quiet

BATCHES = {"data": 90, "models": 20, "settings": 16, "interruptions": 70, "surroundings": 8}
"""Kind of case: how many of it run before the next kind has its turn."""

COLUMNS = ("right", "refused", "killed", "killed in training")
IMPORTED = (
    "fer_nb.commands.blend", "fer_nb.commands.data", "fer_nb.commands.evaluate", "fer_nb.commands.plot",
    "fer_nb.commands.predict", "fer_nb.commands.report", "fer_nb.commands.runs", "fer_nb.commands.self_train",
    "fer_nb.commands.train", "fer_nb.commands.train_all", "fer_nb.data.audit",
    "fer_nb.learning.prediction.ensemble", "fer_nb.learning.prediction.evaluation",
    "fer_nb.learning.semi.self_training", "fer_nb.learning.training.train", "fer_nb.report.build",
)  # fmt: skip
"""What cases need, imported once: the process of a case is a fork of a worker, which computes nothing."""

DATABASE = Path(".hypothesis")
PAGE = ROOT / "docs" / "reliability.md"


@dataclass
class Tried:
    """What a batch of cases came to: distinct cases by outcome, and the smallest that is a fault."""

    kind: str
    outcomes: Counter[str] = field(default_factory=Counter)
    fault: str | None = None


def batch(
    kind: str,
    number: int,
    kit: Kit,
    *,
    cases: int | None = None,
    shrink: bool = True,
    until: float = math.inf,
) -> Tried:
    """Run cases of a kind.

    Args:
        kind: Name of a module with the strategy CASES and `check(case, folder, kit)`.
        number: The seed.
        kit: What the cases start from.
        cases: How many; as BATCHES tells where it is None.
        shrink: Whether a fault is told by the smallest case that has it.
        until: A time of the monotonic clock, after which no case begins but those that shrink a fault.
    """
    module = importlib.import_module(f"campaign.{kind}")
    outcomes: dict[str, str] = {}
    harmless = True

    @seed(number)
    @settings(
        max_examples=cases or BATCHES[kind],
        deadline=None,
        database=DirectoryBasedExampleDatabase(DATABASE / kind),
        suppress_health_check=list(HealthCheck),
        phases=[Phase.reuse, Phase.generate, *[Phase.shrink] * shrink],
        print_blob=False,
    )
    @given(module.CASES)
    def tried(case: object) -> None:
        nonlocal harmless
        if harmless and time.monotonic() > until:
            return
        with tempfile.TemporaryDirectory(dir=kit.folder.parent, ignore_cleanup_errors=True) as folder:
            Path(folder).chmod(0o755)
            try:
                outcomes[repr(case)] = module.check(case, Path(folder), kit)
            except FaultError as fault:
                harmless = False
                raise FaultError(f"{fault}\n    case: {case!r}"[:2500]) from None

    found = None
    try:
        tried()
    except FaultError as fault:
        found = str(fault)
    except BaseExceptionGroup as several:  # hypothesis tells different faults apart
        found = "\n".join(str(fault) for fault in several.exceptions)
    return Tried(kind, Counter(outcomes.values()), found)


def run(minutes: float, first: int, kinds: list[str], workers: int) -> tuple[dict[str, Tried], int]:
    """Run batches of every kind in turn until the time is over; a kind that has a fault has no other turn.

    Returns:
        What each kind came to; and how many rounds of seeds were begun.
    """
    with quiet():
        for name in IMPORTED:
            importlib.import_module(name)
    folder = Path(tempfile.mkdtemp(prefix="campaign-"))
    folder.chmod(0o755)
    total = {kind: Tried(kind) for kind in kinds}
    try:
        kit = make_kit(folder / "kit")
        turn, running, until = 0, set(), time.monotonic() + 60 * minutes
        with ProcessPoolExecutor(workers, multiprocessing.get_context("fork")) as pool:
            while True:
                left = [kind for kind in kinds if total[kind].fault is None]
                while left and len(running) < workers and time.monotonic() < until:
                    running.add(pool.submit(batch, left[turn % len(left)], first + turn, kit, until=until))
                    turn += 1
                if not running:
                    return total, turn
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for ended in (future.result() for future in done):
                    total[ended.kind].outcomes += ended.outcomes
                    total[ended.kind].fault = total[ended.kind].fault or ended.fault
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def table(total: dict[str, Tried]) -> str:
    """Return the outcomes of every kind as a table in Markdown."""
    lines = [("kind", "cases", *COLUMNS, "faults")]
    for kind, tried in total.items():
        counts = [sum(tried.outcomes.values()), *(tried.outcomes[column] for column in COLUMNS)]
        lines.append((kind, *(f"{count:,}" for count in counts), str(int(tried.fault is not None))))
    sums = [
        sum(int(line[column].replace(",", "")) for line in lines[1:]) for column in range(1, len(lines[0]))
    ]
    lines.append(("together", *(f"{count:,}" for count in sums)))
    return "\n".join(
        ["| " + " | ".join(line) + " |" for line in [lines[0], ("---",) * len(lines[0]), *lines[1:]]]
    )


@click.command()
@click.option("--minutes", type=float, default=20.0, show_default=True)
@click.option("--seed", "first", type=int, default=0, show_default=True)
@click.option("--only", type=click.Choice(list(BATCHES)), multiple=True, help="Cases of this kind alone.")
@click.option("--workers", type=click.IntRange(1), default=2, show_default=True, help="Cases at once.")
@click.option("--write", is_flag=True, help="Put the table into docs/reliability.md.")
def main(minutes: float, first: int, only: tuple[str, ...], workers: int, write: bool) -> None:
    """Run cases of every kind in turn until the time is over; exit with 1 where one is a fault."""
    os.environ |= {"TF_NUM_INTRAOP_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    total, _ = run(minutes, first, list(only or BATCHES), workers)
    cases = sum(sum(tried.outcomes.values()) for tried in total.values())
    faults = [tried for tried in total.values() if tried.fault]
    head = (
        f"Seed {first}, {minutes:g} minutes, {workers} at once, {datetime.now(UTC):%Y-%m-%d}: "
        f"{cases:,} cases, {len(faults)} faults."
    )
    click.echo(f"{head}\n\n{table(total)}")
    for tried in faults:
        click.echo(f"\n{tried.kind}: {tried.fault}")
    if write:
        text = PAGE.read_text(encoding="utf-8")
        before, mark, rest = text.partition(f"<!-- seed {first} -->\n")
        after = rest.partition("<!-- end -->\n")[2]
        mark = mark or f"\n<!-- seed {first} -->\n"
        PAGE.write_text(f"{before}{mark}{head}\n\n{table(total)}\n<!-- end -->\n{after}", encoding="utf-8")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()

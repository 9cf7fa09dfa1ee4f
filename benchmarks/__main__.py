"""`python -m benchmarks`: without a name, the speed of training."""

import click

from benchmarks.cluster import cluster, scaling
from benchmarks.ledger import ledger
from benchmarks.marks import marks
from benchmarks.memory import memory
from benchmarks.records import records
from benchmarks.saliency import saliency
from benchmarks.sample import sample
from benchmarks.speed import speed
from benchmarks.time_to_accuracy import time_to_accuracy
from benchmarks.trials import trials
from fer_nb.commands import CONTEXT, OneLineGroup


@click.group(cls=OneLineGroup, invoke_without_command=True, context_settings=CONTEXT)
@click.pass_context
def main(ctx: click.Context) -> None:
    """Measure speed, side by side in one run; keep records of what was reached."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(speed)


MEASUREMENTS = (speed, memory, cluster, scaling, saliency, time_to_accuracy, marks)
for command in (*MEASUREMENTS, records, trials, ledger, sample):
    main.add_command(command)

if __name__ == "__main__":
    main(prog_name="python -m benchmarks")

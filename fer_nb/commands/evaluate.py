"""`python -m fer_nb evaluate`: accuracy against labels."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fer_nb.commands import networks, options

if TYPE_CHECKING:
    from fer_nb.analysis.evaluation import Predictions


@click.command()
@options.RUN
@options.PREDICTION
@options.answer
def evaluate(run: Path, *, data: str, runs: Path, quiet: bool, **how: Any) -> tuple[object, Iterator[str]]:
    """Measure RUN on the labelled images of --data, each accuracy with its 95% interval.

    RUN is a run folder, a .keras file, or a text file of `weight path` lines. The validation images are those
    that the run held out, where --data has them; of the training images themselves only a file that holds
    nothing else is measured. "clean" leaves out images that equal a training image in --data.

    Example: python -m fer_nb evaluate runs/compact_cnn-0123456789ab --data fer2013.csv --json
    """
    ensemble, faces = networks.open_all([run], data, runs=runs, quiet=quiet)
    from fer_nb.analysis.evaluation import metrics
    from fer_nb.learning.prediction.evaluation import evaluate

    predictions = evaluate(ensemble, faces, quiet=quiet, **how)
    return metrics(predictions), _lines(predictions)


def _lines(predictions: "dict[str, Predictions]") -> Iterator[str]:
    for split, part in predictions.items():
        pair = part.accuracy()
        clean = f"  clean {pair['clean'].text.en}" if pair["clean"].n else ""
        yield f"{split:<12}{pair['all'].text.en}  of {pair['all'].n:,} images{clean}"

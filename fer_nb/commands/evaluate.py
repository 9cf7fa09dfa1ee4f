"""`python -m fer_nb evaluate`: accuracy against labels."""

import json
from pathlib import Path

import click

from fer_nb.commands import options
from fer_nb.commands.start import start_networks


@click.command()
@options.RUN
@options.DATA
@options.TTA
@options.COMBINE
@options.BATCH
@options.RUNS
@options.QUIET
@options.JSON
def evaluate(
    run: Path, *, data: str, tta: str, combine: str, batch_size: int, runs: Path, quiet: bool, as_json: bool
) -> None:
    """Measure RUN on the labelled images of --data, each accuracy with its 95% interval.

    RUN is a run folder, a .keras file, or a text file of `weight path` lines. The validation images are those
    that the run held out, where --data has them; of the training images themselves only a file that holds
    nothing else is measured. "clean" leaves out images that equal a training image in --data.

    Example: python -m fer_nb evaluate runs/compact_cnn-0123456789ab --data fer2013.csv --json
    """
    start_networks()
    from fer_nb.analysis.evaluation import metrics
    from fer_nb.learning.prediction import evaluation
    from fer_nb.learning.prediction.ensemble import open_ensemble

    ensemble = open_ensemble([run], runs=runs)
    faces = options.faces_for(ensemble, data, cache=runs / "cache", quiet=quiet)
    images = sum(map(len, evaluation.labelled_splits(ensemble, faces).values()))
    with options.prediction_bar(ensemble, images, tta=tta, quiet=quiet) as bar:
        predictions = evaluation.evaluate(
            ensemble, faces, combine=combine, tta=tta, batch_size=batch_size, advance=bar.update
        )
    if as_json:
        click.echo(json.dumps(metrics(predictions)))
        return
    for split, part in predictions.items():
        pair = part.accuracy()
        clean = f"  clean {pair['clean'].text.en}" if pair["clean"].n else ""
        click.echo(f"{split:<12}{pair['all'].text.en}  of {pair['all'].n:,} images{clean}")

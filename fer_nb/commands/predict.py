"""`python -m fer_nb predict`: answers as the homework wants them."""

from pathlib import Path
from typing import Any

import click

from fer_nb.commands import networks, options


@click.command()
@options.RUN
@options.out(help="The CSV file to write.")
@options.PREDICTION
@click.option("--cache/--no-cache", default=True, help="Keep a packed copy of the data among the runs.")
def predict(run: Path, *, out: Path, data: str, runs: Path, cache: bool, quiet: bool, **how: Any) -> None:
    """Answer the images of --data with RUN: a CSV file of `id,label`, in their order.

    RUN is a run folder, a .keras file, or a text file of `weight path` lines, whose networks answer together.
    Rows without a label are answered, by their own ids; where there are none, the test rows. The same
    network and data give the same file, to the byte, whatever the batch size, the threads or the machine.

    Example: python -m fer_nb predict runs/compact_cnn-0123456789ab --data test.csv --out answers.csv
    """
    ensemble, faces = networks.open_all([run], data, runs=runs, quiet=quiet, cache=cache)
    from fer_nb.learning.prediction.answer_files import estimate_seconds, faces_to_answer, write_answers
    from fer_nb.learning.prediction.blending import predict_classes

    asked, ids = faces_to_answer(faces)
    if how["tta"] != "none" and not quiet:
        seconds = estimate_seconds(ensemble, asked.images, tta=how["tta"], count=len(asked))
        click.echo(f"about {seconds:,.0f} s for {len(asked):,} images with {how['tta']}", err=True)
    write_answers(out, ids, predict_classes(ensemble, asked.images, quiet=quiet, **how))
    click.echo(f"{len(ids):,} answers in {out}")

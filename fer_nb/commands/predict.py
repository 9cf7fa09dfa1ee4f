"""`python -m fer_nb predict`: answers as the homework wants them."""

from pathlib import Path

import click

from fer_nb.commands import options
from fer_nb.commands.start import start_networks
from fer_nb.files import refuse_existing


@click.command()
@options.RUN
@options.DATA
@click.option("--out", type=options.PATH, required=True, help="The CSV file to write.")
@options.TTA
@options.COMBINE
@options.BATCH
@options.RUNS
@click.option("--cache/--no-cache", default=True, help="Keep a packed copy of the data among the runs.")
@options.FORCE
@options.QUIET
def predict(
    run: Path,
    *,
    data: str,
    out: Path,
    tta: str,
    combine: str,
    batch_size: int,
    runs: Path,
    cache: bool,
    force: bool,
    quiet: bool,
) -> None:
    """Answer the images of --data with RUN: a CSV file of `id,label`, in their order.

    RUN is a run folder, a .keras file, or a text file of `weight path` lines, whose networks answer together.
    Rows without a label are answered, by their own ids; where there are none, the test rows. The same
    network and data give the same file, to the byte, whatever the batch size, the threads or the machine.

    Example: python -m fer_nb predict runs/compact_cnn-0123456789ab --data test.csv --out answers.csv
    """
    refuse_existing(out, force=force)
    start_networks()
    from fer_nb.learning.prediction.answer_files import estimate_seconds, faces_to_answer, write_answers
    from fer_nb.learning.prediction.blending import predict_classes
    from fer_nb.learning.prediction.ensemble import open_ensemble

    ensemble = open_ensemble([run], runs=runs)
    faces, ids = faces_to_answer(
        options.faces_for(ensemble, data, cache=runs / "cache" if cache else None, quiet=quiet)
    )
    if tta != "none" and not quiet:
        seconds = estimate_seconds(ensemble, faces.images, tta=tta, count=len(faces))
        click.echo(f"about {seconds:,.0f} s for {len(faces):,} images with {tta}", err=True)
    with options.prediction_bar(ensemble, len(faces), tta=tta, quiet=quiet) as bar:
        classes = predict_classes(
            ensemble, faces.images, combine=combine, tta=tta, batch_size=batch_size, advance=bar.update
        )
    write_answers(out, ids, classes)
    click.echo(f"{len(ids):,} answers in {out}")

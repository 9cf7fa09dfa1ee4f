"""`python -m fer_nb blend`: several networks answer together."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from fer_nb.commands import options
from fer_nb.commands.start import start_networks
from fer_nb.errors import InputError
from fer_nb.files import refuse_existing, written_whole

if TYPE_CHECKING:
    from fer_nb.analysis.evaluation import Predictions
    from fer_nb.data.faces import Faces
    from fer_nb.learning.prediction.ensemble import Member

KINDS = (".csv", ".npz", ".txt")


@click.command()
@click.argument("sources", type=options.PATH, nargs=-1, required=True)
@options.DATA
@click.option("--out", type=options.PATH, help="FILE.csv, FILE.npz or FILE.txt, see above.")
@click.option("--fit", is_flag=True, help="Fit the weights on images that every member held out.")
@options.COMBINE
@options.TTA
@options.BATCH
@options.RUNS
@options.FORCE
@options.QUIET
@options.JSON
def blend(
    sources: tuple[Path, ...],
    *,
    data: str,
    out: Path | None,
    fit: bool,
    combine: str,
    tta: str,
    batch_size: int,
    runs: Path,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Let the networks of SOURCES answer together, and measure each and the blend where there are labels.

    SOURCES are text files of `weight path` lines (a path is relative to its file; blank lines and # comments
    are left out), run folders, snapshots or .keras files; these weigh 1.

    --out writes what its name says: FILE.csv the answers, as `predict` does; FILE.npz the blend's logits, for
    `matrix_logits` of notebook 04; FILE.txt the list with its weights, for --fit.

    Example: python -m fer_nb blend models.txt --data fer2013.csv --fit --out fitted.txt
    """
    if out is not None:
        if out.suffix not in KINDS:
            raise InputError(f"{out}: expected a file name that ends in {', '.join(KINDS)}")
        refuse_existing(out, force=force)
    start_networks()
    from fer_nb.learning.prediction import evaluation
    from fer_nb.learning.prediction.ensemble import open_ensemble

    ensemble = open_ensemble(sources, runs=runs)
    faces = options.faces_for(ensemble, data, cache=runs / "cache", quiet=quiet)
    answers: dict[str, Any] = {"tta": tta, "batch_size": batch_size}
    settings = answers | {"combine": combine}
    if fit:
        images = int(evaluation.held_out(ensemble, faces.of("Training")).sum())
        with options.prediction_bar(ensemble, images, tta=tta, quiet=quiet) as bar:
            ensemble = evaluation.with_fitted_weights(ensemble, faces, **answers, advance=bar.update)
    predictions: dict[str, Predictions] = {}
    if (faces.labels >= 0).any():
        images = sum(map(len, evaluation.labelled_splits(ensemble, faces).values()))
        with options.prediction_bar(ensemble, images, tta=tta, quiet=quiet) as bar:
            predictions = evaluation.evaluate(ensemble, faces, **settings, advance=bar.update)
    elif out is None:
        raise InputError(f"{data}: expected labels to measure by, or --out for the answers, found neither")
    if out is not None:
        _write(out, ensemble, faces, predictions, settings=settings, quiet=quiet)
    _print(ensemble, predictions, out, as_json=as_json)


def _write(
    out: Path,
    ensemble: Sequence["Member"],
    faces: "Faces",
    predictions: dict[str, "Predictions"],
    *,
    settings: dict[str, Any],
    quiet: bool,
) -> None:
    from fer_nb.learning.prediction.answer_files import faces_to_answer, write_answers
    from fer_nb.learning.prediction.blending import predict_classes
    from fer_nb.learning.prediction.ensemble import list_text

    if out.suffix == ".txt":
        with written_whole(out) as temporary:
            temporary.write_text(list_text(ensemble, out), encoding="utf-8", newline="\n")
    elif out.suffix == ".csv":
        asked, ids = faces_to_answer(faces)
        with options.prediction_bar(ensemble, len(asked), tta=settings["tta"], quiet=quiet) as bar:
            classes = predict_classes(ensemble, asked.images, **settings, advance=bar.update)
        write_answers(out, ids, classes)
    else:
        if "test" not in predictions:
            raise InputError(f"{faces.source}: expected labelled test images for {out}, found none")
        arrays = {"logits": predictions["test"].logits, "labels": predictions["test"].labels}
        if "validation" in predictions:
            validation = predictions["validation"]
            arrays |= {"validation_logits": validation.logits, "validation_labels": validation.labels}
        with written_whole(out) as temporary:
            np.savez(temporary, **arrays)  # type: ignore[arg-type]


def _print(
    ensemble: Sequence["Member"], predictions: dict[str, "Predictions"], out: Path | None, *, as_json: bool
) -> None:
    from fer_nb.analysis.evaluation import metrics
    from fer_nb.findings.blends import against_best, best_single, blend_sentence

    if as_json:
        answer: dict[str, Any] = {
            "members": [
                {"name": member.name, "weight": member.weight, "accuracy": metrics(predictions, row)}
                for row, member in enumerate(ensemble)
            ],
            "blend": metrics(predictions),
        }
        if predictions:
            best, _ = best_single(predictions)
            answer["against_best"] = {"member": ensemble[best].name} | asdict(against_best(predictions))
        click.echo(json.dumps(answer))
        return
    for row, member in enumerate(ensemble):
        click.echo(f"{member.weight:<10.4g}{member.name:<44}{_line(predictions, row)}")
    click.echo(f"{'':<10}{'blend':<44}{_line(predictions, None)}")
    if predictions:
        click.echo(blend_sentence(ensemble, predictions).en)
    if out is not None:
        click.echo(f"written: {out}")


def _line(predictions: dict[str, "Predictions"], member: int | None) -> str:
    return "  ".join(f"{split} {part.accuracy(member)['all'].text.en}" for split, part in predictions.items())

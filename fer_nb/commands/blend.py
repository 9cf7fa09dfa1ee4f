"""`python -m fer_nb blend`: several networks answer together."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from fer_nb.commands import networks, options
from fer_nb.errors import InputError
from fer_nb.files import written_whole

if TYPE_CHECKING:
    from fer_nb.analysis.evaluation import Predictions
    from fer_nb.data.faces import Faces
    from fer_nb.learning.prediction.ensemble import Member


@click.command()
@click.argument("sources", type=options.PATH, nargs=-1, required=True)
@options.out(".csv", ".npz", ".txt", required=False, help="FILE.csv, FILE.npz or FILE.txt, see above.")
@click.option("--fit", is_flag=True, help="Fit the weights on images that every member held out.")
@options.PREDICTION
@options.answer
def blend(
    sources: tuple[Path, ...], *, out: Path | None, fit: bool, data: str, runs: Path, quiet: bool, **how: Any
) -> tuple[object, Iterator[str]]:
    """Let the networks of SOURCES answer together, and measure each and the blend where there are labels.

    SOURCES are text files of `weight path` lines (a path is relative to its file; blank lines and # comments
    are left out), run folders, snapshots or .keras files; these weigh 1.

    --out writes what its name says: FILE.csv the answers, as `predict` does; FILE.npz the blend's logits, for
    `matrix_model` of notebook 04; FILE.txt the list with its weights, for --fit.

    Example: python -m fer_nb blend models.txt --data fer2013.csv --fit --out fitted.txt
    """
    ensemble, faces = networks.open_all(sources, data, runs=runs, quiet=quiet)
    from fer_nb.learning.prediction import evaluation

    if fit:
        views = {name: how[name] for name in ("tta", "batch_size")}
        ensemble = evaluation.with_fitted_weights(ensemble, faces, quiet=quiet, **views)
    predictions: dict[str, Predictions] = {}
    if (faces.labels >= 0).any():
        predictions = evaluation.evaluate(ensemble, faces, quiet=quiet, **how)
    elif out is None:
        raise InputError(f"{data}: expected labels to measure by, or --out for the answers, found neither")
    if out is not None:
        _write(out, ensemble, faces, predictions, quiet=quiet, **how)
    return _answer(ensemble, predictions), _lines(ensemble, predictions, out, how["tta"])


def _write(
    out: Path, ensemble: Sequence["Member"], faces: "Faces", predictions: "dict[str, Predictions]", **how: Any
) -> None:
    from fer_nb.learning.prediction.answer_files import faces_to_answer, write_answers
    from fer_nb.learning.prediction.blending import predict_classes
    from fer_nb.learning.prediction.ensemble import list_text

    if out.suffix == ".csv":
        asked, ids = faces_to_answer(faces)
        write_answers(out, ids, predict_classes(ensemble, asked.images, **how))
        return
    if out.suffix == ".npz" and "test" not in predictions:
        raise InputError(f"{faces.source}: expected labelled test images for {out}, found none")
    with written_whole(out) as temporary:
        if out.suffix == ".txt":
            temporary.write_text(list_text(ensemble, out), encoding="utf-8", newline="\n")
            return
        arrays: dict[str, Any] = {}
        for split, prefix in (("test", ""), ("validation", "validation_")):
            if split in predictions:
                arrays[f"{prefix}logits"] = predictions[split].logits
                arrays[f"{prefix}labels"] = predictions[split].labels
        np.savez(temporary, **arrays)


def _answer(ensemble: Sequence["Member"], predictions: "dict[str, Predictions]") -> dict[str, Any]:
    from fer_nb.analysis.evaluation import metrics
    from fer_nb.findings.blends import against_best, best_single

    members = [
        {"name": member.name, "weight": member.weight, "accuracy": metrics(predictions, row)}
        for row, member in enumerate(ensemble)
    ]
    answer: dict[str, Any] = {"members": members, "blend": metrics(predictions)}
    if predictions:
        best, _ = best_single(predictions)
        answer["against_best"] = {"member": ensemble[best].name} | asdict(against_best(predictions))
    return answer


def _lines(
    ensemble: Sequence["Member"], predictions: "dict[str, Predictions]", out: Path | None, views: str
) -> Iterator[str]:
    from fer_nb.findings.blends import blend_sentence

    rows = [(f"{member.weight:<10.4g}{member.name:<44}", row) for row, member in enumerate(ensemble)]
    for name, row in [*rows, (f"{'':<10}{'blend':<44}", None)]:
        scores = (f"{split} {part.accuracy(row)['all'].text.en}" for split, part in predictions.items())
        yield name + "  ".join(scores)
    if predictions:
        yield blend_sentence(ensemble, predictions, views=views).en
    if out is not None:
        yield f"written: {out}"

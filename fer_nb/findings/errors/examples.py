"""Which images to show, and showing them: faces where there are images, else a table of their rows."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib import pyplot
from numpy.typing import NDArray

from fer_nb.analysis.evaluation import error_rows, most_confused, nearest_correct
from fer_nb.data.faces import PRACTICE, Faces
from fer_nb.figures import errors, style
from fer_nb.findings.errors.findings import NO_ERRORS
from fer_nb.findings.errors.listings import error_table
from fer_nb.findings.sentences import listed
from fer_nb.language import EMOTIONS, Text
from fer_nb.report.cells import say, show, show_table

if TYPE_CHECKING:
    from fer_nb.analysis.evaluation import Predictions


def worst_pair(answers: "Predictions", *, count: int) -> dict[str, NDArray[np.int64]]:
    """Return rows of the two classes confused most: errors, and right answers that lie next to them.

    Args:
        answers: To look among.
        count: Errors in each direction, the most confident first.

    Returns:
        Title -> rows: for both directions the errors, then the nearest image of the class they were taken
        for that is classified correctly; empty where there is no error.
    """
    chosen: dict[str, NDArray[np.int64]] = {}
    for pair in most_confused(answers.matrix) or ():
        true, predicted = EMOTIONS[pair.true], EMOTIONS[pair.predicted]
        rows = error_rows(answers.probabilities, answers.labels, true=pair.true, predicted=pair.predicted)[
            :count
        ]
        near = nearest_correct(answers.logits, answers.labels, rows, label=pair.predicted)
        beside = Text(f"與上列最像、而且答對的{predicted.zh}", f"the right {predicted.en} most like them")
        chosen |= {f"{true} → {predicted}": rows, str(beside): near[near >= 0]}
    return chosen


def show_examples(
    answers: "Predictions", rows: Mapping[str, NDArray[Any]], *, caption: Text, columns: int
) -> None:
    """Display groups of images with both classes and both probabilities.

    Args:
        answers: To all images.
        rows: Title -> rows to show; with none at all a sentence says that there is no error.
        caption: What they are.
        columns: Faces in a line.
    """
    if not any(len(numbers) for numbers in rows.values()):
        say(NO_ERRORS)
    elif answers.images is None:
        for title, numbers in rows.items():
            if not len(numbers):
                continue
            named = Text(f"{caption.zh}（{title}）", f"{caption.en} ({title})")
            show_table(error_table(answers, numbers), caption=named)
    else:
        figure = errors.error_panels(
            pyplot.figure(figsize=(style.FULL_WIDTH, 1)),
            rows,
            images=answers.images,
            labels=answers.labels,
            probabilities=answers.probabilities,
            columns=columns,
        )
        sizes = {title: str(len(numbers)) for title, numbers in rows.items()}
        show(figure, caption=caption, alt=listed(Text("各組張數", "Faces of each group"), sizes))


def known_wrong(faces: Faces, *, seed: int) -> NDArray[np.bool_] | None:
    """Return which test labels were given wrongly on purpose, (N,), PublicTest first; None for real faces.

    Args:
        faces: The faces.
        seed: With which practice faces were drawn.
    """
    from fer_nb.data.synthetic import specify

    counts = {usage: faces.counts()[usage] for usage in ("PublicTest", "PrivateTest")}
    if faces.source != PRACTICE or not any(counts.values()):
        return None
    drawn = specify(counts, seed=seed)
    labels = np.concatenate([faces.of(usage).labels for usage in counts])
    return drawn.labels != drawn.emotions if np.array_equal(drawn.labels, labels) else None

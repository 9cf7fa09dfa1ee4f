"""Which wrongly answered images to show, beside the right answers that are most like them."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from fer_nb.analysis.evaluation import Predictions, error_rows, most_confused, nearest_correct
from fer_nb.findings.errors import TEXTS
from fer_nb.findings.sentences import plural
from fer_nb.language import EMOTIONS, Text


def worst_pair(answers: Predictions, *, count: int) -> dict[Text, NDArray[np.int64]]:
    """Return rows of the two classes confused most: errors, and right answers that lie next to the first.

    Args:
        answers: To look among.
        count: Errors in each direction, the most confident first.

    Returns:
        Title -> rows: the errors of the more frequent direction, for each the nearest image of the class that
        it was taken for that is answered rightly (no image twice), then the errors of the other direction;
        what has no image is left out.
    """
    worst = most_confused(answers.matrix)
    if worst is None:
        return {}
    there, back = (
        error_rows(answers.probabilities, answers.labels, true=way.true, predicted=way.predicted)[:count]
        for way in worst
    )
    one, other = EMOTIONS[worst[0].true], EMOTIONS[worst[0].predicted]
    groups = {
        TEXTS["worst pair taken for"].format(one=one, other=other): there,
        TEXTS["worst pair the right most"].format(other=other): nearest_correct(
            answers.logits, answers.labels, there, label=worst[0].predicted
        ),
        TEXTS["worst pair taken for 2"].format(other=other, one=one): back,
    }
    return {title: rows for title, rows in groups.items() if len(rows)}


def groups_alt(groups: Mapping[Text, NDArray[np.int64]]) -> Text:
    """Write out how many faces each group holds, for those who cannot see them."""
    counted = [
        TEXTS["faces of"].format(title=title, count=len(rows), s=plural(len(rows)))
        for title, rows in groups.items()
    ]
    return TEXTS["matrix alt"].format(classes=TEXTS["groups"].format(groups=counted))

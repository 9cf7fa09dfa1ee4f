"""Tables of semi-supervised learning in two languages, ready for `show_table`."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fer_nb.analysis.evaluation import PairedDifference, paired_difference
from fer_nb.data.faces import Faces
from fer_nb.findings import names
from fer_nb.findings.semi import TEXTS
from fer_nb.findings.sentences import percent, signed
from fer_nb.findings.tables import accuracies, mean_and_deviation
from fer_nb.language import Text
from fer_nb.learning.semi.protocols import Protocol
from fer_nb.learning.semi.self_training import Outcome, final_predictions
from fer_nb.learning.semi.splitting import PseudoLabelCounts


def paired_gain(outcomes: Sequence[Outcome], faces: Faces, validation: Faces) -> PairedDifference:
    """Return the accuracy of the students less that of their controls, over seeds and images.

    Args:
        outcomes: One a seed.
        faces: What the protocol was given, with the tests.
        validation: The faces held out; they answer where there are no labelled tests.
    """
    student, control = (_correct(outcomes, arm, faces, validation) for arm in ("student", "control"))
    return paired_difference(student, control)


def metrics(name: str, outcomes: Mapping[str, Sequence[Outcome]]) -> dict[str, Any]:
    """Return the accuracies of every run under "name/protocol/arm/seed", as `results.json` holds them."""
    return {
        f"{name}/{protocol}/{arm}/{run.facts['seed']}": run.facts["metrics"]
        for protocol, group in outcomes.items()
        for outcome in group
        for arm, run in outcome.runs.items()
    }


def _correct(outcomes: Sequence[Outcome], arm: str, faces: Faces, validation: Faces) -> NDArray[np.bool_]:
    return np.stack(
        [final_predictions(outcome.runs[arm], faces, validation)[1].correct() for outcome in outcomes]
    )


def selection(protocol: Protocol) -> Text:
    """Say which pseudo-labels a protocol keeps."""
    if protocol.shares:
        shares = ", ".join(f"{100 * share:g}%" for share in protocol.shares)
        return TEXTS["selection the surest of"].format(shares=shares)
    rule = TEXTS["probability from" if protocol.inclusive else "probability above"].format(
        threshold=protocol.threshold
    )
    ratio = protocol.unlabelled_ratio
    return TEXTS["selection at every step"].format(rule=rule, ratio=ratio) if ratio else rule


def settings_table(outcomes: Mapping[str, Sequence[Outcome]], *, split: str) -> pd.DataFrame:
    """Return a column a protocol: how it was run, and the mean and deviation of its accuracies over seeds.

    Args:
        outcomes: Protocol -> its outcomes, one a seed.
        split: On which the accuracies are measured.
    """
    columns: dict[Text, list[Any]] = {TEXTS["setting"]: TEXTS["settings rows"].split()}
    for name, found in outcomes.items():
        images = [_images(found, arm) for arm in ("control", "student")]
        protocol = found[0].protocol
        steps = " / ".join(f"{found[0].steps(arm):,}" for arm in ("student", "control"))
        cells = [*images, selection(protocol), _epochs(protocol), steps]
        for arm in ("teacher", "control", "student"):
            runs = [one.runs[arm] for one in found if arm in one.runs]
            cells.append(f"{mean_and_deviation(accuracies(runs, split))}%" if runs else None)
        columns[names.protocol(name)] = cells
    table = pd.DataFrame(columns)
    return table.dropna(how="all", subset=table.columns[1:], ignore_index=True)


def _images(outcomes: Sequence[Outcome], arm: str) -> str:
    counts = sorted(outcome.runs[arm].facts["training_images"] for outcome in outcomes)
    return f"{counts[0]:,}" if counts[0] == counts[-1] else f"{counts[0]:,}–{counts[-1]:,}"


def _epochs(protocol: Protocol) -> Text:
    epochs, more = protocol.epochs, protocol.more_epochs
    if more:
        return TEXTS["epochs and more"].format(epochs=epochs, more=more)
    if protocol.unlabelled_ratio:
        return Text(f"{epochs}", f"{epochs}")
    return TEXTS["epochs teacher student afresh"].format(epochs=epochs)


def label_share_table(
    found: Mapping[float, tuple[Outcome, PseudoLabelCounts]], *, split: str
) -> pd.DataFrame:
    """Return a row a share of labels: the pseudo-labels kept and right, and both arms' accuracies.

    Args:
        found: Share of labels, 0 to 1 -> what came of one seed, and the counts of its pseudo-labels.
        split: On which the accuracies are measured.
    """
    rows = []
    for share, (outcome, counts) in sorted(found.items()):
        control, student = (accuracies([outcome.runs[arm]], split)[0] for arm in ("control", "student"))
        labelled, pool = outcome.runs["control"].facts["training_images"], sum(counts.pool)
        numbers = (percent(share), labelled, f"{sum(counts.kept):,} / {pool:,}", sum(counts.right))
        rows.append((*numbers, percent(control), percent(student), signed(student - control)))
    return pd.DataFrame(rows, columns=TEXTS["label share columns"].split())

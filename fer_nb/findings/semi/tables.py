"""Tables of semi-supervised learning in two languages, ready for `show_table`."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fer_nb.analysis.evaluation import PairedDifference, paired_difference
from fer_nb.data.faces import Faces
from fer_nb.findings import names
from fer_nb.findings.sentences import percent, signed
from fer_nb.findings.tables import accuracies, mean_and_deviation
from fer_nb.language import EMOTIONS, Text
from fer_nb.learning.semi.protocols import Protocol
from fer_nb.learning.semi.self_training import final_predictions

if TYPE_CHECKING:
    from fer_nb.learning.semi.self_training import Outcome
    from fer_nb.learning.semi.splitting import PseudoLabelCounts


def paired_gain(outcomes: Sequence["Outcome"], faces: Faces, validation: Faces) -> PairedDifference:
    """Return the accuracy of the students less that of their controls, over seeds and images.

    Args:
        outcomes: One a seed.
        faces: What the protocol was given, with the tests.
        validation: The faces held out; they answer where there are no labelled tests.
    """
    student, control = (_correct(outcomes, arm, faces, validation) for arm in ("student", "control"))
    return paired_difference(student, control)


def gain_by_class(outcomes: Sequence["Outcome"], faces: Faces, validation: Faces) -> NDArray[np.float64]:
    """Return the part of each class in the mean of `paired_gain`, (7,), which they add up to."""
    student, control = (_correct(outcomes, arm, faces, validation) for arm in ("student", "control"))
    labels = final_predictions(outcomes[0].runs["student"], faces, validation)[1].labels
    by_image = (student.astype(float) - control).mean(axis=0)
    return np.bincount(labels, weights=by_image, minlength=len(EMOTIONS)) / len(labels)


def metrics(name: str, outcomes: Mapping[str, Sequence["Outcome"]]) -> dict[str, Any]:
    """Return the accuracies of every run under "name/protocol/arm/seed", as `results.json` holds them."""
    return {
        f"{name}/{protocol}/{arm}/{run.facts['seed']}": run.facts["metrics"]
        for protocol, group in outcomes.items()
        for outcome in group
        for arm, run in outcome.runs.items()
    }


def _correct(outcomes: Sequence["Outcome"], arm: str, faces: Faces, validation: Faces) -> NDArray[np.bool_]:
    return np.stack(
        [final_predictions(outcome.runs[arm], faces, validation)[1].correct() for outcome in outcomes]
    )


def selection(protocol: Protocol) -> Text:
    """Say which pseudo-labels a protocol keeps."""
    if protocol.shares:
        shares = ", ".join(f"{100 * share:g}%" for share in protocol.shares)
        return Text(f"每輪各類別最有把握的 {shares}", f"the surest {shares} of each class, round by round")
    zh, en = ("至少", "at least") if protocol.inclusive else ("大於", "above")
    told = Text(f"機率{zh} {protocol.threshold:g}", f"probability {en} {protocol.threshold:g}")
    if not protocol.unlabelled_ratio:
        return told
    ratio = protocol.unlabelled_ratio
    return Text(
        f"{told.zh}，每一步都標；一張有標籤配 {ratio} 張無標籤",
        f"{told.en}, at every step; {ratio} unlabelled images to a labelled one",
    )


def settings_table(outcomes: Mapping[str, Sequence["Outcome"]], *, split: str) -> pd.DataFrame:
    """Return a column a protocol: how it was run, and the mean and deviation of its accuracies over seeds.

    Args:
        outcomes: Protocol -> its outcomes, one a seed.
        split: On which the accuracies are measured.
    """
    rows = {
        Text("有標籤的訓練影像", "labelled training images"): lambda found: _images(found, "control"),
        Text("學生的訓練影像", "training images of the student"): lambda found: _images(found, "student"),
        Text("偽標籤的挑選", "pseudo-labels kept"): lambda found: selection(found[0].protocol),
        Text("epoch 數", "epochs"): lambda found: _epochs(found[0].protocol),
        Text("訓練步數：學生／對照", "steps: student / control"): lambda found: " / ".join(
            f"{found[0].steps(arm):,}" for arm in ("student", "control")
        ),
    }
    arms = {
        "control": Text("等長監督式訓練的準確率", "accuracy of equal supervised training"),
        "student": Text("學生的準確率", "accuracy of the student"),
    }
    cells = [[name, *(value(found) for found in outcomes.values())] for name, value in rows.items()]
    for arm, name in arms.items():
        scores = [accuracies([one.runs[arm] for one in found], split) for found in outcomes.values()]
        cells.append([name, *(f"{mean_and_deviation(values)}%" for values in scores)])
    return pd.DataFrame(cells, columns=[Text("設定", "setting"), *map(names.protocol, outcomes)])


def _images(outcomes: Sequence["Outcome"], arm: str) -> str:
    counts = sorted(outcome.runs[arm].facts["training_images"] for outcome in outcomes)
    return f"{counts[0]:,}" if counts[0] == counts[-1] else f"{counts[0]:,}–{counts[-1]:,}"


def _epochs(protocol: Protocol) -> Text:
    epochs, more = protocol.epochs, protocol.more_epochs
    if more:
        return Text(f"{epochs}，再接著 {more}", f"{epochs}, and {more} more")
    if protocol.unlabelled_ratio:
        return Text(f"{epochs}", f"{epochs}")
    return Text(f"教師 {epochs}，學生從頭 {epochs}", f"teacher {epochs}, student afresh {epochs}")


def label_share_table(
    found: Mapping[float, tuple["Outcome", "PseudoLabelCounts"]], *, split: str
) -> pd.DataFrame:
    """Return a row a share of labels: the pseudo-labels kept and right, and both arms' accuracies.

    Args:
        found: Share of labels, 0 to 1 -> what came of one seed, and the counts of its pseudo-labels.
        split: On which the accuracies are measured.
    """
    rows = []
    for share, (outcome, counts) in sorted(found.items()):
        control, student = (accuracies([outcome.runs[arm]], split)[0] for arm in ("control", "student"))
        rows.append(
            (
                percent(share),
                outcome.runs["control"].facts["training_images"],
                f"{sum(counts.kept):,} / {sum(counts.pool):,}",
                sum(counts.right),
                percent(control),
                percent(student),
                signed(student - control),
            )
        )
    columns = [
        Text("標籤比例", "share of labels"),
        Text("有標籤", "labelled"),
        Text("偽標籤／無標籤", "pseudo-labels / unlabelled"),
        Text("其中正確", "right"),
        Text("對照", "control"),
        Text("學生", "student"),
        Text("相差（百分點）", "difference (points)"),
    ]
    return pd.DataFrame(rows, columns=columns)

"""The answer on confusion: which classes, how often, why, and how far that reaches, in both languages."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.stats
from numpy.typing import ArrayLike, NDArray

from fer_nb.analysis.evaluation import (
    ClassScore,
    Correlation,
    Proportion,
    accuracy_interval,
    class_scores,
    most_confused,
)
from fer_nb.findings.errors import TEXTS
from fer_nb.findings.errors.reasons import FEWEST, Reason
from fer_nb.findings.sentences import SIGNIFICANCE, enumerated, joined, p_text
from fer_nb.language import EMOTIONS, Text

NO_ERRORS = TEXTS["no image is answered"]
NO_REASON = TEXTS["no reason could be"]
TOO_FEW = TEXTS["reason too few images"].format(fewest=FEWEST)
PAIRS = 21  # of seven classes


def finding_sentence(counts: NDArray[np.integer]) -> Text:
    """Say which two classes are confused most, in both directions, and whether another pair comes as close.

    Args:
        counts: A confusion matrix, (7, 7), rows true and columns predicted.
    """
    worst = most_confused(counts)
    if worst is None:
        return NO_ERRORS
    shares = [_taken(counts, way.true, way.predicted) for way in worst]
    one, other = EMOTIONS[worst[0].true], EMOTIONS[worst[0].predicted]
    found = TEXTS["finding"].format(one=one, other=other, shares=shares)
    return joined(found, _next_sentence(counts), _share_sentence(counts, {way.true for way in worst}))


def matrix_alt(shares: ArrayLike) -> Text:
    """Write out the diagonal and the largest error of a matrix of shares of the row, (7, 7), 0 to 1."""
    rows, classes = np.asarray(shares), []
    for label, emotion in enumerate(EMOTIONS):
        errors = np.where(np.arange(len(EMOTIONS)) == label, -1.0, rows[label])
        other, right, wrong = EMOTIONS[int(errors.argmax())], rows[label, label], errors.max()
        taken = TEXTS["matrix alt most often taken"].format(other=other, wrong=wrong) if wrong else ""
        known = TEXTS["matrix alt of a class"].format(emotion=emotion, right=right, taken=taken)
        classes.append(known if rows[label].any() else TEXTS["taken there is no"].format(one=emotion))
    return TEXTS["matrix alt"].format(classes=TEXTS["each class"].format(classes=classes))


def front_sentence(counts: NDArray[np.integer]) -> Text:
    """Say the same for the first page, the number first."""
    worst = most_confused(counts)
    if worst is None:
        return NO_ERRORS
    there, back = (_share(counts, way.true, way.predicted) for way in worst)
    one, other = EMOTIONS[worst[0].true], EMOTIONS[worst[0].predicted]
    text = TEXTS["front of is taken"].format(there=there, one=one, other=other, back=back)
    return joined(text, _next_sentence(counts))


def reason_sentence(reason: Reason | None, counts: NDArray[np.integer]) -> Text:
    """Say why: what both classes usually show, and in what the misread images, or the network, lean."""
    if reason is None:
        return NO_REASON
    one, other = EMOTIONS[reason.true], EMOTIONS[reason.predicted]
    said = []
    if reason.shared:
        said.append(_shared_sentence(reason))
    if reason.differing:
        gaps = {"one": one, "misread": reason.misread, "leaning": _leaning(reason)}
        said.append(TEXTS["reason beside rightly answered"].format(**gaps))
    elif not reason.tested:
        said.append(TOO_FEW)
    else:
        key = "not shown to be why" if reason.shared else "reason in no part"
        part = TEXTS["action" if reason.drawn else "part"]
        said.append(TEXTS[key].format(misread=reason.misread, other=other, part=part))
    said.append(_direction_sentence(counts, reason.true, reason.predicted))
    return joined(*said) if reason.shared or reason.differing else joined(NO_REASON, *said)


def limit_sentence(counts: NDArray[np.integer], reason: Reason | None, *, practice: bool) -> Text:
    """Say how far the answer reaches: classes never predicted, what a comparison shows, whose faces."""
    scores = class_scores(counts)
    said = []
    never = [EMOTIONS[score.label] for score in scores if score.support and not score.predicted]
    absent = [EMOTIONS[score.label] for score in scores if not score.support]
    if never:
        images = int(counts.sum())
        said.append(TEXTS["limit the network never"].format(never=never, images=images))
    if absent:
        said.append(TEXTS["limit there is no"].format(absent=absent))
    if reason and reason.differing:
        said.append(TEXTS["limit such a comparison"])
    return joined(*said, TEXTS["practice faces only" if practice else "limit it holds for"])


def classes_sentence(scores: Sequence[ClassScore]) -> Text:
    """Say which class has the lowest and which the highest recall, or that intervals do not tell."""
    present = sorted(
        (score for score in scores if score.support), key=lambda score: score.recall.accuracy or 0.0
    )
    if len(present) < 2:
        return TEXTS["classes one class alone"]
    return TEXTS["recall by class"].format(lowest=_end(*present), highest=_end(*present[::-1]))


def size_sentence(correlation: Correlation) -> Text:
    """Say whether classes with more training images are recognised better."""
    if correlation.tau is None or correlation.p_value is None:
        return TEXTS["size too few classes"]
    measured = TEXTS["rank correlation"].format(tau=correlation.tau)
    p_value, classes = p_text(correlation.p_value), correlation.classes
    if correlation.p_value >= SIGNIFICANCE:
        return TEXTS["size recall shows no"].format(measured=measured, p_value=p_value, classes=classes)
    how = TEXTS["higher" if correlation.tau > 0 else "lower"]
    return TEXTS["size classes with more"].format(
        how=how, measured=measured, p_value=p_value, classes=classes
    )


def _next_sentence(counts: np.ndarray) -> Text:
    """Say which pair comes next where it is within error of the first; empty where the first leads clearly.

    The images of the two pairs are compared by an exact binomial test, adjusted (Bonferroni) for the other
    pairs, of any of which it could have been said.
    """
    both = np.triu(counts + counts.T, 1)
    order = np.argsort(-both, axis=None, kind="stable")[:2]
    (_, first), (pair, second) = (
        (np.unravel_index(place, both.shape), int(both.flat[place])) for place in order
    )
    if not second or scipy.stats.binomtest(first, first + second).pvalue * (PAIRS - 1) < SIGNIFICANCE:
        return Text("", "")
    one, other = (EMOTIONS[int(label)] for label in pair)
    return TEXTS["next"].format(one=one, other=other, first=first, second=second)


def _direction_sentence(counts: np.ndarray, true: int, predicted: int) -> Text:
    """Say whether errors run one way beyond chance, and whether the network favours that class at large.

    Both by exact binomial tests: of one direction's errors against the other's, and of all else that is
    wrongly taken for the class against what else of it is missed.
    """
    there, back = int(counts[true, predicted]), int(counts[predicted, true])
    if scipy.stats.binomtest(there, there + back).pvalue >= SIGNIFICANCE:
        return Text("", "")
    answers, support = int(counts[:, predicted].sum()) - there, int(counts[predicted].sum()) - back
    taken, missed = (total - int(counts[predicted, predicted]) for total in (answers, support))
    favoured = taken > missed and scipy.stats.binomtest(taken, taken + missed).pvalue < SIGNIFICANCE
    gaps = {"there": there, "back": back, "predicted": answers, "support": support}
    key = "reason mostly one way" if favoured else "reason one way alone"
    return TEXTS[key].format(**gaps, one=EMOTIONS[true], other=EMOTIONS[predicted])


def _share_sentence(counts: np.ndarray, named: set[int]) -> Text:
    """Say which class is most often taken for one other; empty where that class is `named` already."""
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    np.fill_diagonal(shares, 0.0)
    true, predicted = (int(place) for place in np.unravel_index(shares.argmax(), shares.shape))
    if true in named:
        return Text("", "")
    gaps = {"one": EMOTIONS[true], "other": EMOTIONS[predicted], "support": int(counts[true].sum())}
    return TEXTS["highest share"].format(**gaps, share=_share(counts, true, predicted))


def _shared_sentence(reason: Reason) -> Text:
    one, other = EMOTIONS[reason.true], EMOTIONS[reason.predicted]
    parts = [part.name for part in reason.shared]
    return TEXTS["reason why and both"].format(one=one, other=other, parts=parts)


def _leaning(reason: Reason) -> Text:
    """Say in what the misread lean towards the other class: intensities, or distances."""
    said = []
    for part in reason.differing:
        gaps: dict[str, Any] = {"name": part.name, "p_value": p_text(part.p_value)}
        if reason.drawn:
            gaps |= {"how": TEXTS["stronger" if part.misread > part.right else "weaker"]}
            gaps |= {"right": part.right, "misread": part.misread}
        said.append(TEXTS["leaning show mean strength" if reason.drawn else "part and p"].format(**gaps))
    if reason.drawn:
        return enumerated(said)
    return TEXTS["leaning lie nearer to"].format(parts=said, other=EMOTIONS[reason.predicted])


def _share(counts: np.ndarray, true: int, predicted: int) -> Text:
    return accuracy_interval(int(counts[true, predicted]), int(counts[true].sum())).text


def _taken(counts: np.ndarray, true: int, predicted: int) -> Text:
    one, other, support = EMOTIONS[true], EMOTIONS[predicted], int(counts[true].sum())
    if not support:
        return TEXTS["taken there is no"].format(one=one)
    share = _share(counts, true, predicted)
    return TEXTS["taken of images are"].format(support=support, one=one, share=share, other=other)


def _end(first: ClassScore, *others: ClassScore) -> Text:
    """Name a class with its recall, and the others whose intervals overlap its own."""
    name = TEXTS["name and value"].format(name=EMOTIONS[first.label], value=first.recall.text)
    close = [EMOTIONS[one.label] for one in others if _overlap(first.recall, one.recall)]
    return TEXTS["class close"].format(name=name, others=close) if close else name


def _overlap(one: Proportion, other: Proportion) -> bool:
    return min(one.high or 0.0, other.high or 0.0) >= max(one.low or 0.0, other.low or 0.0)

"""The answer on confusion: which classes, how often, why, and how far that reaches, in both languages."""

from collections.abc import Sequence

import numpy as np
import scipy.stats
from numpy.typing import ArrayLike

from fer_nb.analysis.evaluation import ClassScore, Correlation, accuracy_interval, class_scores, most_confused
from fer_nb.findings.errors.reasons import FEWEST, Part, Reason
from fer_nb.findings.sentences import SIGNIFICANCE, enumerated, joined, p_text, percent
from fer_nb.language import EMOTIONS, Text

NO_ERRORS = Text(
    "沒有任何一張影像答錯，也就沒有混淆的類別。", "No image is answered wrongly: nothing is confused."
)
NO_REASON = Text("看不出原因。", "No reason could be shown.")
PAIRS = 21  # of seven classes


def finding_sentence(matrix: ArrayLike) -> Text:
    """Say which two classes are confused most, in both directions, and whether another pair comes as close.

    Args:
        matrix: Counts, (7, 7), rows true and columns predicted.
    """
    worst = most_confused(matrix)
    if worst is None:
        return NO_ERRORS
    shares = [_taken(np.asarray(matrix), way.true, way.predicted) for way in worst]
    one, other = EMOTIONS[worst[0].true], EMOTIONS[worst[0].predicted]
    return joined(
        Text(
            f"最容易混淆的是{one.zh}與{other.zh}：{shares[0].zh}，{shares[1].zh}。",
            f"{one.en.capitalize()} and {other.en} are confused most: {shares[0].en}, {shares[1].en}.",
        ),
        _next_sentence(np.asarray(matrix)),
    )


def matrix_caption(network: Text, split: Text, images: int) -> Text:
    """Return what the matrix of a network on some images of a split shows."""
    return Text(
        f"{network.zh}在{split.zh} {images:,} 張影像上的混淆矩陣：各列的百分比，下面是張數。",
        f"Confusion of {network.en} on {images:,} {split.en} images: percent of each row, images below.",
    )


def matrix_alt(shares: ArrayLike) -> Text:
    """Write out the diagonal and the largest error of a matrix of shares of the row, (7, 7), 0 to 1."""
    rows = np.asarray(shares)
    zh, en = [], []
    for label, emotion in enumerate(EMOTIONS):
        errors = np.where(np.arange(len(EMOTIONS)) == label, -1.0, rows[label])
        other = EMOTIONS[int(errors.argmax())]
        zh.append(
            f"{emotion.zh}答對 {percent(rows[label, label])}，最多誤判為{other.zh} {percent(errors.max())}"
        )
        en.append(
            f"{emotion.en} right {percent(rows[label, label])}, most often taken for {other.en} "
            f"{percent(errors.max())}"
        )
    return Text(f"{'；'.join(zh)}。", f"{'; '.join(en).capitalize()}.")


def front_sentence(matrix: ArrayLike, reason: Reason | None) -> Text:
    """Say the same for the first page, the number first, with what the two classes share."""
    worst = most_confused(matrix)
    if worst is None:
        return NO_ERRORS
    there, back = (_share(np.asarray(matrix), way.true, way.predicted) for way in worst)
    one, other = EMOTIONS[worst[0].true], EMOTIONS[worst[0].predicted]
    told = Text(
        f"{there.zh}的{one.zh}被誤判為{other.zh}，反過來是 {back.zh}，這兩類最容易混淆。",
        f"{there.en} of {one.en} is taken for {other.en}, the other way round {back.en}: these two are "
        "confused most.",
    )
    shared = reason.shared if reason else ()
    if not shared:
        return told
    parts = enumerated(part.name for part in shared)
    return joined(told, Text(f"兩者都常{parts.zh}。", f"Both show {parts.en}."))


def reason_sentence(reason: Reason | None) -> Text:
    """Say why: what both classes usually show, and in what the misread images lean towards the other."""
    if reason is None:
        return NO_REASON
    one, other = EMOTIONS[reason.true], EMOTIONS[reason.predicted]
    said = []
    if reason.shared:
        parts = enumerated(part.name for part in reason.shared)
        said.append(
            Text(
                f"原因：{one.zh}與{other.zh}都常{parts.zh}。",
                f"Why: {one.en} and {other.en} both usually show {parts.en}.",
            )
        )
    if reason.differing:
        differing = [_leaning(reason, part) for part in reason.differing]
        zh, en = "、".join(part.zh for part in differing), ", ".join(part.en for part in differing)
        said.append(
            Text(
                f"與答對的{one.zh}相比，被誤判的 {reason.misread} 張{zh}。",
                f"Beside rightly answered {one.en}, the {reason.misread} misread {en}.",
            )
        )
    elif reason.misread < FEWEST:
        said.append(
            Text(f"誤判的不到 {FEWEST} 張，無從比較。", f"Fewer than {FEWEST} are misread: no comparison.")
        )
    else:
        said.append(
            Text(
                f"被誤判的 {reason.misread} 張與答對的相比，沒有一個部位顯著偏向{other.zh}。",
                f"In no part do the {reason.misread} misread lean significantly towards {other.en}.",
            )
        )
    return joined(*said) if reason.shared or reason.differing else joined(NO_REASON, *said)


def limit_sentence(matrix: ArrayLike, reason: Reason | None, *, practice: bool) -> Text:
    """Say how far the answer reaches: classes never predicted, what a comparison shows, whose faces."""
    scores = class_scores(matrix)
    said = []
    never = [EMOTIONS[score.label] for score in scores if score.support and not score.predicted]
    absent = [EMOTIONS[score.label] for score in scores if not score.support]
    if never:
        said.append(
            Text(
                f"網路從來沒有預測過{enumerated(never).zh}。",
                f"The network never predicts {enumerated(never).en}.",
            )
        )
    if absent:
        said.append(
            Text(f"沒有{enumerated(absent).zh}的影像。", f"There is no image of {enumerated(absent).en}.")
        )
    if reason and reason.differing:
        said.append(Text("這樣的比較只說明相關。", "Such a comparison shows an association only."))
    where = Text("不能推論到 FER2013。", "It says nothing about FER2013.")
    said.append(where if practice else Text("只適用於這個網路。", "It holds for this network alone."))
    return joined(*said)


def classes_sentence(scores: Sequence[ClassScore]) -> Text:
    """Say which class has the lowest and which the highest recall, or that intervals do not tell."""
    present = sorted(
        (score for score in scores if score.support), key=lambda score: score.recall.accuracy or 0.0
    )
    if len(present) < 2:
        return Text("只有一個類別有影像，無從比較。", "One class alone has images: nothing to compare.")
    low, second, high = present[0], present[1], present[-1]
    if (low.recall.high or 0.0) < (second.recall.low or 0.0):
        lowest = Text(f"召回率最低的是{_name(low).zh}", f"Recall is lowest for {_name(low).en}")
    else:
        lowest = Text(
            f"召回率最低的是{_name(low).zh}，與次低的{_name(second).zh}在誤差內分不出高下",
            f"Recall is lowest for {_name(low).en}, within error of the next, {_name(second).en}",
        )
    return Text(
        f"{lowest.zh}；最高的是{_name(high).zh}。", f"{lowest.en}; it is highest for {_name(high).en}."
    )


def size_sentence(correlation: Correlation) -> Text:
    """Say whether classes with more training images are recognised better."""
    if correlation.tau is None or correlation.p_value is None:
        return Text(
            "可比的類別太少，無法判斷類別大小與召回率的關係。",
            "Too few classes differ to relate recall to class size.",
        )
    measured = f"Kendall τ = {correlation.tau:.2f}"
    p_value = p_text(correlation.p_value)
    if correlation.p_value >= SIGNIFICANCE:
        return Text(
            f"看不出訓練影像多的類別召回率比較高（相關 {measured}，{p_value}）。",
            f"Recall shows no relation to the number of training images (correlation {measured}, {p_value}).",
        )
    zh, en = ("高", "higher") if correlation.tau > 0 else ("低", "lower")
    return Text(
        f"訓練影像多的類別召回率較{zh}（相關 {measured}，{p_value}）；"
        f"{correlation.classes} 個類別的相關不能證明因果。",
        f"Classes with more training images have {en} recall (correlation {measured}, {p_value}), which over "
        f"{correlation.classes} classes proves no cause.",
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
    return Text(
        f"但與次多的{one.zh}、{other.zh}（{first:,} 張對 {second:,} 張）在誤差內分不出高下。",
        f"But {one.en} and {other.en} come within error of it ({first:,} against {second:,} images).",
    )


def _leaning(reason: Reason, part: Part) -> Text:
    """Say in what the misread lean towards the other class: an intensity, or a distance."""
    if reason.drawn:
        zh, en = ("較強", "stronger") if part.misread > part.right else ("較弱", "weaker")
        numbers = f"{part.right:.2f} → {part.misread:.2f}"
        return Text(
            f"「{part.name.zh}」{zh}（平均強度 {numbers}，{p_text(part.p_value)}）",
            f"show “{part.name.en}” {en} (mean strength {numbers}, {p_text(part.p_value)})",
        )
    other = EMOTIONS[reason.predicted]
    return Text(
        f"{part.name.zh}較接近{other.zh}的平均臉（{p_text(part.p_value)}）",
        f"lie nearer to the mean {other.en} face in the {part.name.en} ({p_text(part.p_value)})",
    )


def _share(counts: np.ndarray, true: int, predicted: int) -> Text:
    share = accuracy_interval(int(counts[true, predicted]), int(counts[true].sum())).text
    return Text(_wide(share.zh), share.en)


def _taken(counts: np.ndarray, true: int, predicted: int) -> Text:
    one, other, support = EMOTIONS[true], EMOTIONS[predicted], int(counts[true].sum())
    if not support:
        return Text(f"沒有{one.zh}的影像", f"there is no image of {one.en}")
    share = _share(counts, true, predicted)
    return Text(
        f"{support:,} 張{one.zh}有 {share.zh}被判為{other.zh}",
        f"{share.en} of {support:,} {one.en} images are taken for {other.en}",
    )


def _name(score: ClassScore) -> Text:
    name, recall = EMOTIONS[score.label], score.recall.text
    return Text(f"{name.zh} {_wide(recall.zh)}", f"{name.en} {recall.en}")


def _wide(text: str) -> str:
    """Return a Chinese text with brackets as wide as its characters."""
    return text.replace(" (", "（").replace(")", "）")

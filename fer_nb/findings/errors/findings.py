"""Sentences on which classes are confused and why, in both languages."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from fer_nb.analysis.evaluation import (
    ClassScore,
    ConfusedPair,
    Correlation,
    accuracy_interval,
    most_confused,
)
from fer_nb.findings.sentences import SIGNIFICANCE, enumerated, joined, p_text, percent
from fer_nb.language import EMOTIONS, GLOSSARY, Text

if TYPE_CHECKING:
    from fer_nb.analysis.evaluation import Predictions

NO_ERRORS = Text(
    "沒有任何一張影像答錯，也就沒有混淆的類別。", "No image is answered wrongly: nothing is confused."
)


def split_sentence(split: str, wanted: str, answers: "Predictions") -> Text:
    """Say which images are judged, and that they are others than was asked for, if so."""
    name = GLOSSARY[split]
    told = Text(
        f"以下的混淆矩陣來自{name.zh}的 {len(answers):,} 張影像。",
        f"The matrices below come from the {len(answers):,} {name.en} images.",
    )
    if split == wanted:
        return told
    missing = GLOSSARY[wanted]
    why = Text(
        f"這份資料沒有帶標籤的{missing.zh}，改用{name.zh}。",
        f"The data hold no labelled {missing.en} images: {name.en} stands in.",
    )
    return joined(why, told)


def classes_sentence(scores: Sequence[ClassScore]) -> Text:
    """Say which class is hardest and which easiest, and which are absent or never predicted."""
    present = sorted(
        (score for score in scores if score.support), key=lambda score: score.recall.accuracy or 0.0
    )
    absent = enumerated(EMOTIONS[score.label] for score in scores if not score.support)
    never = enumerated(EMOTIONS[score.label] for score in present if not score.predicted)
    parts = []
    if absent.zh:
        parts.append(
            Text(
                f"沒有{absent.zh}的影像，相關的格子標為「無資料」。",
                f"There is no image of {absent.en}: its cells say “no data”.",
            )
        )
    guesses = [score.label for score in scores if score.predicted]
    if len(guesses) == 1:
        only = EMOTIONS[guesses[0]]
        return joined(
            *parts,
            Text(
                f"網路把每一張影像都判為{only.zh}：這樣的矩陣只反映各類別的張數，看不出哪些表情相像。",
                f"The network calls every image {only.en}: such a matrix shows the class sizes alone, not "
                "which expressions are alike.",
            ),
        )
    if never.zh:
        parts.append(Text(f"網路從來沒有預測過{never.zh}。", f"The network never predicts {never.en}."))
    if len(present) > 1:
        parts.append(_extremes(present))
    return joined(*parts)


def _extremes(present: Sequence[ClassScore]) -> Text:
    """Say the lowest and the highest recall of classes in rising order of it."""
    low, second, high = present[0], present[1], present[-1]
    told = Text(
        f"召回率最低的是{EMOTIONS[low.label].zh}（{low.recall.text.zh}），"
        f"最高的是{EMOTIONS[high.label].zh}（{high.recall.text.zh}）。",
        f"Recall is lowest for {EMOTIONS[low.label].en} ({low.recall.text.en}) and highest for "
        f"{EMOTIONS[high.label].en} ({high.recall.text.en}).",
    )
    if (low.recall.high or 0.0) < (second.recall.low or 0.0):
        return told
    return joined(
        told,
        Text(
            f"不過{EMOTIONS[low.label].zh}與次低的{EMOTIONS[second.label].zh}（{second.recall.text.zh}）"
            "信賴區間重疊，不能說誰最難。",
            f"But its interval overlaps that of the next, {EMOTIONS[second.label].en} "
            f"({second.recall.text.en}): neither can be called the hardest.",
        ),
    )


def pair_sentence(matrix: ArrayLike) -> Text:
    """Say which two classes are confused most, in both directions: the answer to the question."""
    worst = most_confused(matrix)
    if worst is None:
        return NO_ERRORS
    one, other = EMOTIONS[worst[0].true], EMOTIONS[worst[0].predicted]
    totals = np.asarray(matrix).sum(axis=1)
    there, back = (_taken(way, int(totals[way.true])) for way in worst)
    return Text(
        f"以張數計，最容易互相混淆的是{one.zh}與{other.zh}：{there.zh}；反過來，{back.zh}。",
        f"The two classes confused most are {one.en} and {other.en}: {there.en}; the other way round, "
        f"{back.en}.",
    )


def direction_sentence(matrix: ArrayLike) -> Text:
    """Say whether the worst pair is confused both ways alike, by the intervals of the two shares."""
    worst = most_confused(matrix)
    if worst is None or worst[0].share is None or worst[1].share is None:
        return Text("", "")
    totals = np.asarray(matrix).sum(axis=1)
    ways = [(accuracy_interval(way.count, int(totals[way.true])), way) for way in worst]
    (less, _), (more, way) = sorted(ways, key=lambda pair: pair[0].accuracy or 0.0)
    if (less.high or 0.0) >= (more.low or 0.0):
        return Text(
            "兩個方向的比例在信賴區間內沒有差別，也就是兩者互相混淆。",
            "Within their intervals the two shares do not differ: the confusion goes both ways.",
        )
    one, other = EMOTIONS[way.true], EMOTIONS[way.predicted]
    times = f"{more.accuracy / less.accuracy:.1f}" if more.accuracy and less.accuracy else ""
    return Text(
        f"混淆偏向一邊：{one.zh}被誤判為{other.zh}的比例"
        + (f"是反方向的 {times} 倍。" if times else "較高。"),
        f"The confusion leans one way: the share of {one.en} taken for {other.en} is "
        + (f"{times} times that of the other direction." if times else "the higher one."),
    )


def synthesis(answers: "Predictions") -> Text:
    """Say what the errors are made of: the worst pair's part, what merging it would give, second choices."""
    matrix, worst = answers.matrix, most_confused(answers.matrix)
    if worst is None:
        return NO_ERRORS
    one, other = EMOTIONS[worst[0].true], EMOTIONS[worst[0].predicted]
    total, wrong = int(matrix.sum()), int(matrix.sum() - np.trace(matrix))
    between = worst[0].count + worst[1].count
    second = np.argsort(answers.logits, axis=1)[:, -2]
    missed = answers.predicted != answers.labels
    nearly = int((second[missed] == answers.labels[missed]).sum())
    before, after = percent(1 - wrong / total), percent(1 - (wrong - between) / total)
    share, close = percent(between / wrong), percent(nearly / wrong)
    return Text(
        f"{total:,} 張影像答錯 {wrong:,} 張，其中 {between:,} 張（{share}）出在{one.zh}與{other.zh}之間；"
        f"如果把這兩類合併成一類，準確率會從 {before} 變成 {after}。"
        f"答錯的影像裡，有 {nearly:,} 張（{close}）的真實類別是網路的第二選擇。",
        f"Of {total:,} images {wrong:,} are answered wrongly, {between:,} of them ({share}) between "
        f"{one.en} and {other.en}: with these two classes made one, accuracy would go from {before} to "
        f"{after}. For {nearly:,} of the wrong answers ({close}) the true class is the network's second "
        "choice.",
    )


def counted_sentence(total: int, right: int) -> Text:
    """Say that the sum of the matrix and its diagonal agree with the images counted one by one."""
    share = percent(right / total)
    return Text(
        f"矩陣加總是 {total:,}，正是影像數；對角線合計 {right:,}，除以總數得 {share}，"
        "與逐張比對的準確率一致。",
        f"The matrix adds up to {total:,}, the number of images; its diagonal, {right:,}, is {share} of "
        "that, the accuracy counted image by image.",
    )


def size_sentence(correlation: Correlation, scores: Sequence[ClassScore], sizes: Sequence[int]) -> Text:
    """Say whether class size explains recall, as reports B and D hold.

    Args:
        correlation: Of recall against class size.
        scores: Of the seven classes.
        sizes: Training images of each class, (7,).
    """
    if correlation.tau is None or correlation.p_value is None:
        return Text(
            "可比的類別太少，無法判斷類別大小與召回率的關係。",
            "Too few classes differ to relate recall to class size.",
        )
    measured = f"Kendall τ = {correlation.tau:.2f}，{p_text(correlation.p_value)}"
    measured_en = f"Kendall's tau {correlation.tau:.2f}, {p_text(correlation.p_value)}"
    if correlation.p_value < SIGNIFICANCE and correlation.tau > 0:
        end = Text(
            f"影像多的類別召回率確實比較高（{measured}），與報告 B、D 的說法一致。",
            f"Larger classes do have higher recall ({measured_en}), as reports B and D hold.",
        )
    elif correlation.p_value < SIGNIFICANCE:
        end = Text(
            f"影像多的類別召回率反而比較低（{measured}），與報告 B、D 的說法相反。",
            f"Larger classes have lower recall ({measured_en}), against reports B and D.",
        )
    else:
        end = Text(
            f"{correlation.classes} 個類別看不出類別大小與召回率的關係（{measured}）："
            "光用樣本少來解釋（報告 B、D）並沒有得到證實。",
            f"Over {correlation.classes} classes recall shows no significant relation to class size "
            f"({measured_en}): few samples alone, the explanation of reports B and D, is not borne out.",
        )
    return joined(end, _smallest(scores, sizes))


def _smallest(scores: Sequence[ClassScore], sizes: Sequence[int]) -> Text:
    """Say where the recall of the smallest class stands."""
    present = [score for score in scores if score.recall.accuracy is not None]
    least = min(present, key=lambda score: sizes[score.label])
    place = 1 + sum((score.recall.accuracy or 0) < (least.recall.accuracy or 0) for score in present)
    name, count = EMOTIONS[least.label], int(sizes[least.label])
    return Text(
        f"影像最少的{name.zh}（{count:,} 張）召回率由低到高排第 {place}。",
        f"The smallest class, {name.en} ({count:,} images), has place {place} of {len(present)} counted from "
        "the lowest recall.",
    )


def _taken(pair: ConfusedPair, support: int) -> Text:
    true, predicted = EMOTIONS[pair.true], EMOTIONS[pair.predicted]
    if pair.share is None:
        return Text(f"沒有{true.zh}的影像可看", f"there is no image of {true.en}")
    return Text(
        f"{support:,} 張{true.zh}中有 {pair.count:,} 張（{percent(pair.share)}）被誤判為{predicted.zh}",
        f"of {support:,} {true.en} images {pair.count:,} ({percent(pair.share)}) are taken for "
        f"{predicted.en}",
    )

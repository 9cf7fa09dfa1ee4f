"""The answer on saliency: which part for which emotion, why, and how far that reaches, in both languages."""

from collections.abc import Iterable, Sequence

import numpy as np

from fer_nb.findings.saliency.regions import FEWEST, REGION_NAMES, Excess, RegionShares
from fer_nb.findings.sentences import enumerated, joined, percent
from fer_nb.language import EMOTIONS, Text

UNDECIDED = Text(
    "沒有任何方法通過隨機化檢驗，因此不能說網路看哪裡。",
    "No method passes the randomization test: where the network looks cannot be said.",
)
NO_REGION = Text(
    "沒有一類的顯著圖在任何部位明顯高於未訓練的網路，看不出網路專看哪裡。",
    "For no class does any part draw clearly more than in an untrained network: the network looks nowhere "
    "in particular.",
)
NO_REASON = Text("消融找不到原因。", "No reason could be shown by ablation.")
SMALLEST_DROP = 0.1  # logits


def emotions(labels: Iterable[int]) -> Text:
    """Return the names of classes as they stand in a sentence."""
    return enumerated(EMOTIONS[label] for label in labels)


def size_text(one: Excess, *, sign: str = "") -> Text:
    """Write an excess in points with its interval; `sign` is "+" where a positive one gets its sign."""
    low, high = 100 * one.low, 100 * one.high
    return Text(
        f"{100 * one.excess:{sign}.1f}（{low:.1f}–{high:.1f}）個百分點",
        f"{100 * one.excess:{sign}.1f} points ({low:.1f}–{high:.1f})",
    )


def finding_sentence(method: Text | None, groups: Sequence[Excess]) -> Text:
    """Say which part the network looks at for which emotion.

    Args:
        method: Whose maps they are; None where none passed its test.
        groups: As `standing_out` returns them.
    """
    if method is None:
        return UNDECIDED
    if not groups:
        return NO_REGION
    zh = [
        f"{emotions(one.labels).zh}主要看{REGION_NAMES[one.region].zh}（顯著度佔比 {percent(one.share)}，"
        f"比未訓練的網路多 {size_text(one).zh}，{one.n} 張）"
        for one in groups
    ]
    en = [
        f"{emotions(one.labels).en} by the {REGION_NAMES[one.region].en} ({percent(one.share)} of "
        f"the saliency, {size_text(one).en} more than in an untrained network, {one.n} faces)"
        for one in groups
    ]
    return Text(f"依{method.zh}：{'；'.join(zh)}。", f"By {method.en} the network tells {'; '.join(en)}.")


def front_sentence(method: Text | None, groups: Sequence[Excess], randomization: float | None) -> Text:
    """Say the same for the first page: the largest excess first, then the others and the caveat."""
    if method is None or randomization is None or not groups:
        return finding_sentence(method, groups)
    first, *others = groups
    part = REGION_NAMES[first.region]
    zh = [
        f"{emotions(one.labels).zh}則看{REGION_NAMES[one.region].zh}，+{size_text(one).zh}；"
        for one in others
    ]
    en = [
        f"; {emotions(one.labels).en} by the {REGION_NAMES[one.region].en}, +{size_text(one).en}"
        for one in others
    ]
    return Text(
        f"+{size_text(first).zh}：判斷{emotions(first.labels).zh}時，{part.zh}的顯著度佔比高於未訓練的網路"
        f"（{method.zh}，{first.n} 張）；{''.join(zh)}"
        f"但權重換成隨機值，圖的等級相關仍有 {randomization:.2f}。",
        f"+{size_text(first).en} of the saliency against an untrained network: {emotions(first.labels).en} "
        f"are told by the {part.en} ({method.en}, {first.n} faces){''.join(en)}. With "
        f"random weights the maps still correlate by rank at {randomization:.2f}.",
    )


def reason_sentence(groups: Sequence[Excess], found: RegionShares, *, redrawn: bool) -> Text:
    """Say whether ablation agrees: of all parts, does the named one take most off the logit?

    Args:
        groups: As `standing_out` returns them.
        found: What the maps and the ablation say of each face.
        redrawn: Whether a part was redrawn without its expression, else blurred.
    """
    agreeing: dict[int, float] = {}
    others: list[int] = []
    drops = found.means(found.drops)
    for region, label in ((one.region, label) for one in groups for label in one.labels):
        if drops[label].max() < SMALLEST_DROP:
            continue  # a face at rest has no part to take its expression from
        if drops[label].argmax() == region:
            agreeing[label] = float(drops[label].max())
        else:
            others.append(label)
    told = []
    how = Text("重畫成沒有表情", "redrawn at rest") if redrawn else Text("抹糊", "blurred")
    if agreeing:
        zh = "、".join(f"{EMOTIONS[label].zh} {drop:.1f}" for label, drop in agreeing.items())
        en = ", ".join(f"{EMOTIONS[label].en} {drop:.1f}" for label, drop in agreeing.items())
        told.append(
            Text(
                f"原因：各部位逐一{how.zh}，使該類 logit 下降最多的正是所看的部位（{zh}）。",
                f"Why: with each part in turn {how.en}, the one looked at takes most off the logit of its "
                f"class ({en}).",
            )
        )
    if others:
        told.append(
            Text(
                f"{emotions(others).zh}的部位{how.zh}時，下降最多的是別的部位，與圖不一致。",
                f"For {emotions(others).en} another part {how.en} takes more off: map and ablation disagree.",
            )
        )
    return joined(*told) if told else NO_REASON


def limit_sentence(
    found: RegionShares, randomization: float | None, *, practice: bool, approximate: bool
) -> Text:
    """Say how far the answer reaches.

    Args:
        found: What was measured on each face.
        randomization: Rank correlation of the method's maps with those of random weights.
        practice: Whether the faces are practice faces.
        approximate: Whether the regions are those of a fixed template.
    """
    told = []
    if randomization is not None:
        told.append(
            Text(
                f"隨機權重的圖與原圖的等級相關仍有 {randomization:.2f}，可見圖有一部分來自影像本身。",
                f"Maps of random weights still correlate by rank at {randomization:.2f}: part of a map comes "
                "from the image itself.",
            )
        )
    missing = np.flatnonzero(found.counts < FEWEST)
    if len(missing):
        told.append(
            Text(
                f"{emotions(missing).zh}答對的臉不到 {FEWEST} 張，不下結論。",
                f"Fewer than {FEWEST} right answers of {emotions(missing).en}: nothing is said of it.",
            )
        )
    if approximate:
        told.append(
            Text("部位取自固定模板，只是近似。", "The parts are those of a fixed template, an approximation.")
        )
    where = Text("不能推論到 FER2013。", "It says nothing about FER2013.")
    told.append(where if practice else Text("只適用於這個網路。", "It holds for this network alone."))
    return joined(*told)

"""The answer on saliency: which part for which emotion, why, and how far that reaches, in both languages."""

from collections.abc import Iterable, Sequence

import numpy as np

from fer_nb.findings.saliency import TEXTS
from fer_nb.findings.saliency.regions import FEWEST, REGION_NAMES, Excess, RegionShares
from fer_nb.findings.sentences import enumerated, joined, percent
from fer_nb.language import EMOTIONS, Text

UNDECIDED = TEXTS["no method passes the"]
NO_REGION = TEXTS["for no class does"]
NO_REASON = TEXTS["no reason could be"]
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
    return TEXTS["finding"].format(method=method, zh="；".join(zh), en="; ".join(en))


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
    return TEXTS["front 2"].format(
        first=size_text(first),
        labels=emotions(first.labels),
        part=part,
        method=method,
        n=first.n,
        zh="".join(zh),
        randomization=randomization,
        en="".join(en),
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
    how = TEXTS["redrawn at rest"] if redrawn else TEXTS["blurred"]
    if agreeing:
        zh = "、".join(f"{EMOTIONS[label].zh} {drop:.1f}" for label, drop in agreeing.items())
        en = ", ".join(f"{EMOTIONS[label].en} {drop:.1f}" for label, drop in agreeing.items())
        told.append(TEXTS["reason why with each"].format(how=how, rest=Text(zh, en)))
    if others:
        told.append(TEXTS["reason for another part"].format(others=emotions(others), how=how))
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
        told.append(TEXTS["limit maps of random"].format(randomization=randomization))
    missing = np.flatnonzero(found.counts < FEWEST)
    if len(missing):
        told.append(TEXTS["limit fewer than right"].format(missing=emotions(missing), fewest=FEWEST))
    if approximate:
        told.append(TEXTS["limit the parts are"])
    where = TEXTS["limit it says nothing"]
    told.append(where if practice else TEXTS["limit it holds for"])
    return joined(*told)

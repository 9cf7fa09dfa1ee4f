"""The answer on saliency: which part for which emotion, why, and how far that reaches, in both languages."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fer_nb.findings.saliency import TEXTS
from fer_nb.findings.saliency.regions import FEWEST, REGION_NAMES, Excess, RegionShares, drop_text
from fer_nb.findings.sentences import enumerated, joined
from fer_nb.language import EMOTIONS, Text

UNDECIDED = TEXTS["no method passes the"]
NO_REGION = TEXTS["for no class does"]
TOO_FEW = TEXTS["too few checked"].format(fewest=FEWEST)
NO_REASON = TEXTS["no reason by ablation"]
SMALLEST_DROP = 0.1  # logits


def emotions(labels: Iterable[int]) -> Text:
    """Return the names of classes as they stand in a sentence."""
    return enumerated(EMOTIONS[label] for label in labels)


def size_text(one: Excess, *, sign: str = "") -> Text:
    """Write an excess in points with its interval; `sign` is "+" where a positive one gets its sign."""
    excess, low, high = (f"{100 * value:{sign}.1f}" for value in (one.excess, one.low, one.high))
    reach = TEXTS["between"] if min(one.low, one.excess) < 0 else TEXTS["from to"]
    gaps = {"low": low.lstrip("+"), "high": high.lstrip("+")}
    text = TEXTS["excess"].format(excess=excess, reach=reach.format(**gaps))
    return Text(*(words.replace("-", "−") for words in (text.zh, text.en)))


def finding_sentence(method: Text | None, groups: Sequence[Excess], found: RegionShares) -> Text:
    """Say which part the network looks at for which emotion, more than untrained ones, and which most.

    Args:
        method: Whose maps they are; None where none passed its test.
        groups: As `standing_out` returns them.
        found: What the maps say of each face.
    """
    if method is None:
        return UNDECIDED
    if not groups:
        return _no_region(found)
    said = [
        TEXTS["finding"].format(method=method, groups=[_said("finding of a part", one) for one in groups])
    ]
    named = [label for one in groups for label in one.labels]
    if without := [*np.setdiff1d(np.flatnonzero(found.counts >= FEWEST), named)]:
        said.append(TEXTS["finding of none"].format(labels=emotions(without)))
    return joined(*said, *_elsewhere(groups, found))


def _no_region(found: RegionShares) -> Text:
    return NO_REGION if (found.counts >= FEWEST).any() else TOO_FEW


def _elsewhere(groups: Sequence[Excess], found: RegionShares) -> list[Text]:
    """Say of which classes another part than the one named has the largest share."""
    elsewhere: dict[int, list[int]] = {}
    shares, untrained = found.means(found.shares), found.means(found.untrained)
    for region, label in ((one.region, label) for one in groups for label in one.labels):
        largest = int(shares[label].argmax())
        if round(100 * shares[label][largest]) > round(100 * shares[label][region]):  # as they are printed
            elsewhere.setdefault(largest, []).append(label)
    return [
        TEXTS["largest elsewhere"].format(
            labels=emotions(labels),
            part=REGION_NAMES[region],
            own=[f"{shares[label][region]:.0%}" for label in labels],
            untrained=[f"{untrained[label][region]:.0%}" for label in labels],
        )
        for region, labels in elsewhere.items()
    ]


def _against(one: Excess, found: RegionShares) -> Text | str:
    """Return a note of which classes of a group another part takes more off the logit."""
    drops = _shown_drops(found)
    other = [label for label in one.labels if drops[label].max() > max(drops[label][one.region], 0)]
    return TEXTS["front against"].format(labels=emotions(other)) if other else ""


def _shown_drops(found: RegionShares) -> dict[int, NDArray[np.float64]]:
    """Return by how much the logit of each class falls, as the figure shows it: to a tenth, no -0.0."""
    return {label: np.round(row, 1) + 0.0 for label, row in found.means(found.drops).items()}


def _said(key: str, one: Excess, **more: Any) -> Text:
    gaps: dict[str, Any] = {
        "labels": emotions(one.labels),
        "part": REGION_NAMES[one.region],
        "size": size_text(one),
    }
    return TEXTS[key].format(**gaps, **more, share=one.share, n=one.n)


def front_sentence(
    method: Text | None, groups: Sequence[Excess], found: RegionShares, randomization: float | None
) -> Text:
    """Say the same for the first page: the largest excess first, then the others and the caveat."""
    if method is None:
        return UNDECIDED
    if randomization is None or not groups:
        return _no_region(found)
    first, *others = groups
    more = [_said("front of a part", one, against=_against(one, found)) for one in others]
    gaps: dict[str, Any] = {"labels": emotions(first.labels), "part": REGION_NAMES[first.region]}
    gaps |= {
        "against": _against(first, found),
        "method": method,
        "size": size_text(first),
        "n": first.n,
        "randomization": randomization,
    }
    gaps["others"] = Text("".join(text.zh for text in more), "".join(text.en for text in more))
    return TEXTS["front of all"].format(**gaps)


def reason_sentence(groups: Sequence[Excess], found: RegionShares, *, redrawn: bool) -> Text:
    """Say which part takes most off each class's logit, and whether that is the part that the maps name.

    Args:
        groups: As `standing_out` returns them.
        found: What the maps and the ablation say of each face.
        redrawn: Whether a part was redrawn without its expression, else blurred.
    """
    named = {label: one.region for one in groups for label in one.labels}
    drops, by_part = _shown_drops(found), dict[int, list[int]]()
    untold: list[int] = []  # a face at rest has no part to take its expression from
    for label in map(int, np.flatnonzero(found.counts >= FEWEST)):
        largest = np.flatnonzero(drops[label] == drops[label].max())
        if drops[label].max() < SMALLEST_DROP or len(largest) > 1:
            untold.append(label)
        else:
            by_part.setdefault(int(largest[0]), []).append(label)
    if not by_part:
        return NO_REASON
    by_size = sorted(by_part.items(), key=lambda item: -len(item[1]))
    parts = [_fallen(part, {label: drops[label][part] for label in labels}) for part, labels in by_size]
    said = TEXTS["reason by ablation"].format(
        how=TEXTS["redrawn at rest" if redrawn else "blurred"], parts=parts
    )
    found_by = {label: part for part, labels in by_part.items() for label in labels}
    agree = [label for label, part in found_by.items() if named.get(label) == part]
    disagree = [label for label, part in found_by.items() if named.get(label, part) != part]
    sorted_out = {"ablation agrees": agree, "ablation disagrees": disagree, "ablation cannot tell": untold}
    kinds = [
        TEXTS[key].format(labels=emotions(sorted(some)), least=SMALLEST_DROP)
        for key, some in sorted_out.items()
        if some
    ]
    return joined(said, TEXTS["ablation beside the maps"].format(kinds=kinds)) if kinds else said


def _fallen(part: int, falls: Mapping[int, float]) -> Text:
    each = [
        TEXTS["name and value"].format(name=EMOTIONS[label], value=drop_text(fall))
        for label, fall in falls.items()
    ]
    return TEXTS["part of ablation"].format(part=REGION_NAMES[part], falls=each)


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
    sentences = []
    if randomization is not None:
        outside = 1 - found.shares.sum(axis=1).mean()
        sentences.append(TEXTS["limit maps of random"].format(randomization=randomization, outside=outside))
    missing = [
        TEXTS["class counted"].format(emotion=EMOTIONS[label], count=found.counts[label])
        for label in np.flatnonzero(found.counts < FEWEST)
    ]
    if missing:
        sentences.append(TEXTS["limit fewer than right"].format(missing=missing))
    if approximate:
        sentences.append(TEXTS["limit the parts are"])
    return joined(*sentences, TEXTS["practice faces only" if practice else "limit it holds for"])

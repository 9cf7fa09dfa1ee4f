"""The answer on saliency: which part for which emotion, why, and how far that reaches, in both languages."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fer_nb.findings.saliency import TEXTS
from fer_nb.findings.saliency.regions import FEWEST, REGION_NAMES, Excess, RegionShares, drop_text
from fer_nb.findings.sentences import enumerated, joined
from fer_nb.language import EMOTIONS, Text

UNDECIDED = TEXTS["no method passes the"]
NO_REGION = TEXTS["for no class does"]
NO_REASON = TEXTS["no reason by ablation"]
SMALLEST_DROP = 0.1  # logits


def emotions(labels: Iterable[int]) -> Text:
    """Return the names of classes as they stand in a sentence."""
    return enumerated(EMOTIONS[label] for label in labels)


def size_text(one: Excess, *, sign: str = "") -> Text:
    """Write an excess in points with its interval; `sign` is "+" where a positive one gets its sign."""
    text = TEXTS["excess signed" if sign else "excess"]
    return text.format(excess=100 * one.excess, low=100 * one.low, high=100 * one.high)


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
        return NO_REGION
    said = [
        TEXTS["finding"].format(method=method, groups=[_said("finding of a part", one) for one in groups])
    ]
    named = [label for one in groups for label in one.labels]
    if without := [*np.setdiff1d(np.flatnonzero(found.counts >= FEWEST), named)]:
        said.append(TEXTS["finding of none"].format(labels=emotions(without)))
    return joined(*said, *_elsewhere(groups, found))


def _elsewhere(groups: Sequence[Excess], found: RegionShares) -> list[Text]:
    """Say of which classes another part than the one named has the largest share."""
    elsewhere: dict[int, list[int]] = {}
    shares, untrained = found.means(found.shares), found.means(found.untrained)
    for region, label in ((one.region, label) for one in groups for label in one.labels):
        if (largest := int(shares[label].argmax())) != region:
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
    """Return a note where for each class of a group another part takes more off the logit."""
    drops = _shown_drops(found)
    other = all(drops[label].max() > max(drops[label][one.region], 0) for label in one.labels)
    return TEXTS["front against"] if other else ""


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
        return NO_REGION
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
    return joined(TEXTS["front of all"].format(**gaps), *_elsewhere(groups, found))


def reason_sentence(groups: Sequence[Excess], found: RegionShares, *, redrawn: bool) -> Text:
    """Say whether ablation agrees: of all parts, does the named one take most off the logit?

    Args:
        groups: As `standing_out` returns them.
        found: What the maps and the ablation say of each face.
        redrawn: Whether a part was redrawn without its expression, else blurred.
    """
    kinds: dict[str, list[int]] = {
        "reason why with each": [],
        "reason for another part": [],
        "reason for a tie": [],
        "reason for no part": [],  # a face at rest has no part to take its expression from
    }
    falls, drops = [], _shown_drops(found)
    elsewhere: dict[Text, list[Text]] = {}  # the part that takes more off, with the classes
    for region, label in ((one.region, label) for one in groups for label in one.labels):
        drop, following = drops[label][region], np.delete(drops[label], region).max()
        written = {"drop": drop_text(drop), "next": drop_text(following)}
        gaps: dict[str, Any] = {"emotion": EMOTIONS[label], **written}
        if drops[label].max() < SMALLEST_DROP:
            kinds["reason for no part"].append(label)
        elif drop > following:
            kinds["reason why with each"].append(label)
            falls.append(TEXTS["fall"].format(**gaps))
        elif drop == following:
            kinds["reason for a tie"].append(label)
        else:
            kinds["reason for another part"].append(label)
            other = elsewhere.setdefault(REGION_NAMES[drops[label].argmax()], [])
            other.append(TEXTS["fall of another"].format(**gaps, part=REGION_NAMES[region]))
    gaps = {"how": TEXTS["redrawn at rest" if redrawn else "blurred"], "falls": falls, "least": SMALLEST_DROP}
    gaps["others"] = [
        TEXTS["another part"].format(part=part, falls=classes) for part, classes in elsewhere.items()
    ]
    said = [TEXTS[key].format(labels=emotions(labels), **gaps) for key, labels in kinds.items() if labels]
    *moved, _ = kinds.values()
    return joined(*said) if any(moved) else joined(NO_REASON, *said)


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
        sentences.append(TEXTS["limit maps of random"].format(randomization=randomization))
    missing = [
        TEXTS["class counted"].format(emotion=EMOTIONS[label], count=found.counts[label])
        for label in np.flatnonzero(found.counts < FEWEST)
    ]
    if missing:
        sentences.append(TEXTS["limit fewer than right"].format(missing=missing))
    if approximate:
        sentences.append(TEXTS["limit the parts are"])
    return joined(*sentences, TEXTS["limit it says nothing" if practice else "limit it holds for"])

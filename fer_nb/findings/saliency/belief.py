"""Sentences on which maps are worth believing, in both languages."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from fer_nb.findings.saliency.methods import CHANCE, CURVES, EDGES
from fer_nb.findings.sentences import enumerated, joined, percent
from fer_nb.language import Text

if TYPE_CHECKING:
    from fer_nb.analysis.saliency import Localization, Randomization

Areas = Mapping[Text, Mapping[tuple[str, str], float]]

WANTED_RATIO = 1.5  # relevance in the true regions, against the untrained network's


def spaced(words: str) -> str:
    """Return Chinese words with a space wherever a Latin name or a number meets them."""
    return re.sub(r"(?<=[一-鿿])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%])(?=[一-鿿])", " ", words)


def randomization_sentence(checks: Mapping[Text, "Randomization"]) -> Text:
    """Say which methods fail the check with random weights."""
    failed = [name for name, check in checks.items() if not check.passed]
    if not failed:
        return Text(
            f"{len(checks)} 種方法都通過：權重換成隨機值之後，圖就變了。",
            f"All {len(checks)} methods pass: with random weights their maps are others.",
        )
    listed = enumerated(failed)
    return Text(
        spaced(f"{listed.zh}沒有通過：")
        + "權重全部換成隨機值，圖仍然相似，可見它多半來自影像本身，不能當作這個網路的解釋。",
        f"{_upper(listed.en)} {_verb(failed, 'fails', 'fail')}: even with random weights the map "
        "stays alike. Much of it comes from the image itself: it cannot pass for an explanation.",
    )


def curves_sentence(areas: Areas) -> Text:
    """Say which methods order the pixels better than chance and edges, by all four curves, and which best."""
    methods = [name for name in areas if name not in (EDGES, CHANCE)]
    bars = [name for name in (EDGES, CHANCE) if name in areas]
    better = [name for name in methods if all(_beats(areas[name], areas[bar]) for bar in bars)]
    if not better:
        return Text(
            "沒有任何方法在四條曲線上都勝過隨機順序與邊緣偵測。",
            "No method beats both a random order and the edge detector on all four curves.",
        )
    best = max(better, key=lambda name: _gain(areas[name]))
    told = Text(
        spaced(f"{best.zh}最好：插入減刪除的面積平均是 {_gain(areas[best]):.2f}")
        + f"（隨機順序 {_gain(areas[CHANCE]):.2f}）。",
        f"{_upper(best.en)} {_verb([best], 'does', 'do')} best: insertion less deletion is "
        f"{_gain(areas[best]):.2f} on average (random order {_gain(areas[CHANCE]):.2f}).",
    )
    worse = [name for name in methods if name not in better]
    if not worse:
        return joined(
            told,
            Text(
                "每種方法都勝過隨機順序與邊緣偵測。",
                "Every method beats a random order and the edge detector.",
            ),
        )
    listed = enumerated(worse)
    return joined(
        told,
        Text(
            spaced(f"{listed.zh}至少在一條曲線上不如隨機順序或邊緣偵測。"),
            f"On one curve or more {listed.en} {_verb(worse, 'falls', 'fall')} "
            "behind a random order or the edge detector.",
        ),
    )


def localization_sentence(
    found: Mapping[Text, "Localization"], without_training: Mapping[Text, "Localization"]
) -> Text:
    """Say which methods put clearly more relevance in the true regions than the untrained network does."""
    ratios = {
        name: float(found[name].mass.mean() / untrained.mass.mean())
        for name, untrained in without_training.items()
        if name not in (EDGES, CHANCE)
    }
    edge, area = float(found[EDGES].mass.mean()), float(found[CHANCE].mass.mean())
    better = [name for name in ratios if found[name].mass.mean() > max(edge, area) and ratios[name] > 1]
    told = Text(
        f"表情所牽動的部位占影像的 {percent(area)}，邊緣偵測有 {percent(edge)} 的質量落在其中。",
        f"The parts that the expressions move cover {percent(area)} of the image; the edge detector has "
        f"{percent(edge)} of its mass there.",
    )
    if not better:
        return joined(
            told,
            Text(
                "沒有方法同時勝過面積、邊緣偵測與未訓練的網路。",
                "No method beats the area, the edge detector and the untrained network together.",
            ),
        )
    best = max(better, key=lambda name: ratios[name])
    mass = percent(float(found[best].mass.mean()))
    parts = [
        told,
        Text(
            spaced(f"{best.zh}有 {mass}，是未訓練網路的 {ratios[best]:.2f} 倍。"),
            f"{_upper(best.en)} {_verb([best], 'has', 'have')} {mass}, {ratios[best]:.2f} times the "
            "untrained network's.",
        ),
    ]
    if ratios[best] < WANTED_RATIO:
        parts.append(
            Text(
                f"沒有方法達到 {WANTED_RATIO:g} 倍，證據薄弱。",
                f"No method reaches {WANTED_RATIO:g} times: the evidence is thin.",
            )
        )
    others = [name for name in ratios if name not in better]
    if others:
        listed = enumerated(others)
        parts.append(
            Text(
                spaced(f"{listed.zh}沒有勝過其中至少一項（面積、邊緣偵測、未訓練的網路）。"),
                f"{_upper(listed.en)}: no better than one of area, edge detector and untrained network.",
            )
        )
    return joined(*parts)


def most_trusted(checks: Mapping[Text, "Randomization"], areas: Areas) -> Text | None:
    """Return the method whose order of pixels is best, of those that pass with random weights, if any."""
    passing = [name for name, check in checks.items() if check.passed and name in areas]
    return max(passing, key=lambda name: _gain(areas[name])) if passing else None


def _beats(parts: Mapping[tuple[str, str], float], other: Mapping[tuple[str, str], float]) -> bool:
    return all(
        parts[which] < other[which] if which[0] == "deletion" else parts[which] > other[which]
        for which in CURVES
    )


def _gain(parts: Mapping[tuple[str, str], float]) -> float:
    """Return the area under insertion less that under deletion, averaged over the fills."""
    signs = [(1 if curve == "insertion" else -1) * parts[curve, fill] for curve, fill in CURVES]
    return 2 * sum(signs) / len(signs)


def _verb(names: Sequence[Text], singular: str, plural: str) -> str:
    return plural if len(names) > 1 or names[0].en.startswith("integrated gradients") else singular


def _upper(words: str) -> str:
    return words[0].upper() + words[1:]

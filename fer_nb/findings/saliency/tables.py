"""What the notebook on saliency lists, and what earlier reports said of it."""

from collections.abc import Mapping
from dataclasses import astuple
from typing import Any

import numpy as np
import pandas as pd

from fer_nb.findings.comparisons import claim_record, verdict
from fer_nb.findings.saliency import TEXTS
from fer_nb.findings.saliency.methods import Faithfulness
from fer_nb.findings.saliency.regions import FEWEST, REGION_NAMES, RegionShares, drop_text, excess_of
from fer_nb.findings.saliency.sentences import size_text
from fer_nb.findings.sentences import percent
from fer_nb.language import EMOTIONS, Text

CLAIMS = (
    ("A", "saliency_parts", TEXTS["eyes mouth brows cheeks"], (), (1, 3, 0, 4)),
    ("A", "saliency_sad", TEXTS["for sad the nasolabial"], (4,), (6,)),
    ("C", "saliency_parts", TEXTS["mouth cheeks forehead eyes"], (), (3, 4, 5, 1)),
)
"""Report, key, what it says, the classes that it speaks of (all where empty), and the regions."""


def methods_table(measured: Mapping[Text, Faithfulness]) -> pd.DataFrame:
    """Return a row a method: how faithful its maps are; what nobody could measure has no column."""
    rows = []
    for name, one in measured.items():
        cells = astuple(one)
        numbers = [None if cell is None else f"{cell:.2f}" for cell in cells[:2]]
        shares = [None if cell is None else percent(cell) for cell in cells[2:]]
        rows.append((name, *numbers, *shares))
    return pd.DataFrame(rows, columns=TEXTS["methods columns"].split()).dropna(axis=1, how="all")


def share_cells(found: RegionShares) -> dict[str, Any]:
    """Return what `fer_nb.figures.saliency.region_matrix` draws of the shares, a row a class.

    Dark is what exceeds untrained networks; in a cell stand both shares, in %.
    """
    shares, before = (np.stack([*found.means(part).values()]) for part in (found.shares, found.untrained))
    texts = [
        [f"{100 * share:.0f} / {100 * other:.0f}" for share, other in zip(*pair, strict=True)]
        for pair in zip(shares, before, strict=True)
    ]
    title = TEXTS["share cells share in this"]
    return {"values": shares - before, "texts": texts, "rows": _class_names(found), "title": title}


def drop_cells(found: RegionShares) -> dict[str, Any]:
    """Return what `region_matrix` draws of the ablation: the mean fall of the logit, a row a class."""
    drops = np.stack([*found.means(found.drops).values()])
    texts = [[drop_text(drop) for drop in row] for row in drops]
    title = TEXTS["drop cells fall of the"]
    return {"values": drops, "texts": texts, "rows": _class_names(found), "title": title}


def claims(found: RegionShares) -> list[dict[str, Any]]:
    """Return what earlier reports said, held against the maps, as `record(claims=...)` takes it.

    A claim is confirmed where each of its regions draws clearly more than in untrained networks, not
    confirmed where one draws clearly less, and else it cannot be told.
    """
    records = []
    for report, key, claim, classes, regions in CLAIMS:
        labels = classes or tuple(range(len(EMOTIONS)))
        measured, holds = TEXTS["too few images"], None
        if len(found.of(found.shares, labels)) >= FEWEST:
            each = [excess_of(found, labels, region) for region in regions]
            sizes = [
                TEXTS["name and value"].format(name=REGION_NAMES[one.region], value=size_text(one, sign="+"))
                for one in each
            ]
            measured = TEXTS["claim against untrained"].format(sizes=sizes)
            confirmed, refuted = all(one.low > 0 for one in each), any(one.high < 0 for one in each)
            holds = verdict(confirmed=confirmed, refuted=refuted)
        records.append(claim_record(report, key, claim, measured, holds))
    return records


def _class_names(found: RegionShares) -> list[str]:
    return [f"{EMOTIONS[label]}\nn = {found.counts[label]}" for label in found.means(found.drops)]

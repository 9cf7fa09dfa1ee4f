"""What 03 lists: the effects, and the ranges of the augmentations."""

from collections.abc import Mapping, Sequence

import pandas as pd

from fer_nb.findings import names
from fer_nb.findings.ablation import TEXTS
from fer_nb.findings.ablation.effects import Effect, parts
from fer_nb.findings.sentences import p_text, signed
from fer_nb.language import Text
from fer_nb.learning.transforms import AugmentationSettings


def effects_table(found: Sequence[Effect]) -> pd.DataFrame:
    """Return a row an effect: what was added to what, the change with its interval and by seed, and p."""
    rows = []
    for effect in found:
        change = effect.difference
        size = "{} ({}, {})".format(*map(signed, (change.mean, change.low, change.high)))
        by_seed = ", ".join(map(signed, change.by_seed))
        p_value = p_text(effect.p_value).removeprefix("p = ").removeprefix("p ")
        clear = TEXTS["yes" if effect.significant else "no"]
        rows.append((effect.name, names.ablation_variant(effect.without), size, by_seed, p_value, clear))
    return pd.DataFrame(rows, columns=TEXTS["effects columns"].split())


def ranges_table(augmentations: Mapping[str, AugmentationSettings], normalization: Text) -> pd.DataFrame:
    """Return a row a step: the normalization, and each range from which a part of an augmentation is drawn.

    Args:
        augmentations: Name, as `names.augmentation` takes it -> settings; equal ranges make one row.
        normalization: What it does, as it is printed.
    """
    rows: dict[str, tuple[Text, Text | str]] = {}
    for name, settings in augmentations.items():
        strength = name.partition("*")[2]
        for part in parts(name):
            reach, step = names.part_range(settings, part), names.part(part)
            if strength:
                step = TEXTS["ranges table"].format(step=step, strength=strength)
            rows.setdefault(f"{part} {reach}", (step, reach))
    first = (TEXTS["normalization"], normalization)
    return pd.DataFrame([first, *rows.values()], columns=[TEXTS["step"], TEXTS["range"]])


def ranges_caption(settings: AugmentationSettings) -> Text:
    """Return the caption of `ranges_table`; the settings tell what fills the pixels that are moved in."""
    grey = TEXTS["ranges caption grey level"].format(fill_value=settings.fill_value)
    fill = TEXTS["border pixels"] if settings.fill == "nearest" else grey
    return TEXTS["ranges caption normalization and the"].format(fill=fill)

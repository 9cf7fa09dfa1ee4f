"""What each change of normalization and augmentation does to the accuracy of a network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fer_nb.analysis.evaluation import PairedDifference, holm, paired_difference
from fer_nb.findings import names
from fer_nb.findings.sentences import SIGNIFICANCE
from fer_nb.language import Text
from fer_nb.learning.prediction import predict_logits
from fer_nb.learning.transforms import augmentation_preset

if TYPE_CHECKING:
    from fer_nb.data.faces import Faces
    from fer_nb.learning.runs import Run


@dataclass(frozen=True)
class Effect:
    """What one change does to the accuracy on the test images, all else and the seeds being the same."""

    factor: str
    """What differs: "normalization", "augmentation", "strength" or "both" of the first two."""
    added: str
    """The variant that has it."""
    without: str
    """The variant that has it not; of a strength, the one at strength 1."""
    difference: PairedDifference
    p_value: float
    """The difference's, adjusted by Holm for all effects."""

    @property
    def significant(self) -> bool:
        """Whether the test says so."""
        return self.p_value < SIGNIFICANCE

    @property
    def name(self) -> Text:
        """What was added."""
        normalization, augmentation = self.added.split("+")
        if self.factor == "both":
            return names.ablation_variant(self.added)
        if self.factor == "normalization":
            return names.normalization(normalization)
        return names.augmentation(augmentation)


def correct_answers(runs: Mapping[str, Sequence["Run"]], faces: "Faces") -> dict[str, np.ndarray]:
    """Return variant -> which test images it gets right, bool (seeds, N).

    Where no test image has a label it is the validation images of the first seed: each seed holds out others.

    Args:
        runs: Variant -> one run a seed, the seeds in the same order.
        faces: The faces that the trainings were given.
    """
    answers = {}
    for variant, repeats in runs.items():
        counted = repeats if repeats[0].measured_on == "test" else repeats[:1]
        answers[variant] = np.stack([run.correct_tests(faces) for run in counted])
    return answers


def learned_from(run: "Run", faces: "Faces") -> "Faces":
    """Return the training images without those that the run held out for validation."""
    training = faces.of("Training")
    return training.take(np.setdiff1d(np.arange(len(training)), run.validation_rows()))


def training_accuracy(runs: Sequence["Run"], faces: "Faces") -> float:
    """Return the mean accuracy of runs, each on the images that it has learned from, not augmented."""
    shares = []
    for run in runs:
        learned = learned_from(run, faces)
        predicted = predict_logits(run.network(), learned.images).argmax(axis=1)
        shares.append(np.mean(predicted == learned.labels))
    return float(np.mean(shares))


def mean_history(runs: Sequence["Run"]) -> pd.DataFrame:
    """Return the history of several runs of one recipe, averaged epoch by epoch."""
    return pd.concat([run.history() for run in runs]).groupby("epoch", as_index=False).mean()


def metrics(name: str, runs: Mapping[str, Sequence["Run"]]) -> dict[str, object]:
    """Return the accuracies of every run under "name/variant/seed", as `results.json` holds them."""
    return {
        f"{name}/{variant}/{run.facts['seed']}": run.facts["metrics"]
        for variant, repeats in runs.items()
        for run in repeats
    }


def changes(variants: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return (factor, variant with it, variant without it) for the variants behind the first.

    One with a strength is held against itself at strength 1; any other against the earliest that differs from
    it in the normalization or in the augmentation alone, or else, in "both", against the first.
    """
    found = []
    for place, variant in enumerate(variants):
        weaker, _, strength = variant.partition("*")
        if strength and weaker in variants:
            found.append(("strength", variant, weaker))
            continue
        for other in variants[:place]:
            differ = [mine != its for mine, its in zip(variant.split("+"), other.split("+"), strict=True)]
            if sum(differ) == 1:
                bare = variant.split("+")[differ[1]] == "none"
                pair = (other, variant) if bare else (variant, other)
                found.append((("normalization", "augmentation")[differ[1]], *pair))
                break
        else:
            if place:
                found.append(("both", variant, variants[0]))
    return found


def difference(correct: Mapping[str, np.ndarray], added: str, without: str) -> PairedDifference:
    """Compare two variants; how much seeds matter is known from all variants of `correct_answers`."""
    accuracies = np.stack([right.mean(axis=1) for right in correct.values()])
    return paired_difference(correct[added], correct[without], accuracies=accuracies)


def effects(correct: Mapping[str, np.ndarray]) -> list[Effect]:
    """Return the effect of every change among variants.

    Args:
        correct: Of `correct_answers`.
    """
    pairs = changes(list(correct))
    differences = [difference(correct, added, without) for _, added, without in pairs]
    adjusted = holm([one.p_value for one in differences])
    return [
        Effect(*pair, one, float(p_value))
        for pair, one, p_value in zip(pairs, differences, adjusted, strict=True)
    ]


def main_effect(found: Sequence[Effect], factor: str, *, own: str) -> Effect | None:
    """Return the effect that stands for a factor: of what the network's own recipe does, as far as was tried.

    Args:
        found: Of `effects`.
        factor: As an effect has it.
        own: The variant that the recipe is. Without an effect of it, one beside the recipe's other setting
            stands for the factor, or else the first.
    """
    kept = 1 if factor == "normalization" else 0  # the setting that does not differ
    of_factor = [effect for effect in found if effect.factor == factor]
    beside = [one for one in of_factor if one.added.split("+")[kept] == own.split("+")[kept]]
    of_own = [one for one in beside if one.added == own]
    return next(iter(of_own or beside or of_factor), None)


def beside_others(found: Sequence[Effect], main: Effect) -> list[Effect]:
    """Return what the augmentation of the main effect does beside other normalizations."""
    normalization, augmentation = main.added.split("+")
    return [
        one
        for one in found
        if one.factor == "augmentation"
        if one.added.split("+")[1] == augmentation and one.added.split("+")[0] != normalization
    ]


def single_effects(found: Sequence[Effect], main: Effect) -> list[Effect]:
    """Return the effects of one part alone, on top of what the main one starts from, the largest first."""
    alone = [
        effect
        for effect in found
        if effect.factor == "augmentation" and effect.without == main.without and effect != main
        if len(parts(effect.added.split("+")[1])) == 1
    ]
    return sorted(alone, key=lambda effect: -effect.difference.mean)


def parts(augmentation: str) -> list[str]:
    """Return what an augmentation is made of, names of `fer_nb.learning.transforms.PARTS`."""
    return augmentation_preset(augmentation.partition("*")[0]).parts


def compared(found: Sequence[Effect], *, own: str) -> list[str]:
    """Return the two variants that show what augmentation does, without it and with it; none without one."""
    main = main_effect(found, "augmentation", own=own)
    return [main.without, main.added] if main else []

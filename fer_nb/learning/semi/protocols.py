"""Protocols of semi-supervised learning by name: how many labels are hidden, and what is done without them.

Importing this room needs no Keras.
"""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from fer_nb.errors import check_settings, known_name
from fer_nb.learning.recipe import RANGES, Recipe

TRANSDUCTIVE = "+transductive"


@dataclass(frozen=True, kw_only=True)
class Protocol:
    """How a network learns from labelled and unlabelled images together.

    Attributes:
        name: By which notebooks and commands ask for it.
        hidden: Share of the training images, validation apart, whose labels are hidden, 0 to 1.
        validation: Share of the Training rows held out before that; None for the recipe's own.
        epochs: Passes over the training images before the first pseudo-labels, and of every fresh student.
        more_epochs: Passes by which the network itself goes on with the pseudo-labelled images; 0 for a
            fresh student. Its supervised control goes on by as many; a fresh student's control trains for
            as many steps as the student.
        threshold: Probability that a pseudo-label needs.
        inclusive: Whether a probability equal to the threshold is enough.
        shares: For class-balanced selection instead of the threshold, the part of each class that is kept,
            one number a round; empty for one round with the threshold.
        unlabelled_ratio: Of FixMatch, which makes its pseudo-labels at every step; 0 for self-training.
        transductive: Whether the test images, without labels, are among those learned from.

    Raises:
        InputError: A setting is out of its range.
    """

    name: str
    hidden: float
    epochs: int
    validation: float | None = None
    more_epochs: int = 0
    threshold: float = 0.9
    inclusive: bool = True
    shares: tuple[float, ...] = ()
    unlabelled_ratio: int = 0
    transductive: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "shares", tuple(self.shares))
        check_settings(self, RANGES["protocol"], where=f"protocol {self.name!r}")

    def replace(self, **changes: Any) -> "Protocol":
        """Return the protocol with some settings changed, checked again; None leaves the protocol's own.

        What the protocol does not have (more epochs where a student starts fresh, a ratio outside FixMatch)
        stays out of it, so that one set of changes serves several protocols.
        """
        absent = {name for name in ("more_epochs", "unlabelled_ratio") if not getattr(self, name)}
        own = {name: getattr(self, name) for name in changes}
        asked = {n: value for n, value in changes.items() if value not in (None, own[n]) and n not in absent}
        return dataclasses.replace(self, **asked)

    def supervised(self, recipe: Recipe) -> Recipe:
        """Return the recipe as every arm trains by it.

        Its last epoch counts, for equal length. Labels are not smoothed: that would cap the probability, at
        0.914 with 0.1, near the protocols' thresholds or below them.
        """
        return recipe.replace(epochs=self.epochs, selection="last", early_stopping=0, label_smoothing=0.0)

    @property
    def last_student(self) -> str:
        """Name of the arm whose network the protocol ends with."""
        return f"student {max(len(self.shares), 1)}"

    def planned(self, recipe: Recipe, images: int) -> Iterator[tuple[str, Recipe, int, str]]:
        """Yield (arm, recipe, images an epoch, the arm that it waits for or "") of every training, at most.

        Args:
            recipe: Of the network.
            images: Training rows, validation included.
        """
        base = self.supervised(recipe)
        held_out = self.validation if self.validation is not None else recipe.validation
        rest = images - held_out if isinstance(held_out, int) else round((1 - held_out) * images)
        labelled = round((1 - self.hidden) * rest)
        if self.unlabelled_ratio:
            yield "control", base, labelled, ""
            yield self.last_student, base, labelled * (1 + 2 * self.unlabelled_ratio), ""
            return
        yield "teacher", base, labelled, ""
        if self.more_epochs:
            more = base.replace(epochs=self.more_epochs)
            yield from (("control", more, labelled, "teacher"), (self.last_student, more, rest, "teacher"))
            return
        before = "teacher"
        for i in range(max(len(self.shares), 1)):
            yield f"student {i + 1}", base, rest, before
            before = f"student {i + 1}"
        yield "control", base, rest, before  # as many steps as the student


_READ = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
PROTOCOLS = {name: Protocol(name=name, **values) for name, values in _READ.items()}
"""Every protocol by its name."""


def get_protocol(name: str) -> Protocol:
    """Return the protocol of this name; "+transductive" behind it lets it learn from test images, too.

    Raises:
        InputError: There is none; the message names the nearest.
    """
    plain = known_name("protocol", name.removesuffix(TRANSDUCTIVE), PROTOCOLS)
    if plain == name:
        return PROTOCOLS[plain]
    return dataclasses.replace(PROTOCOLS[plain], name=name, transductive=True)

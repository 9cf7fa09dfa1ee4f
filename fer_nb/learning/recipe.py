"""What a recipe is: how one network is trained, checked when it is written down."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from fer_nb.errors import InputError, check_settings, known_name
from fer_nb.language import Text

RANGES = yaml.safe_load(Path(__file__).with_name("ranges.yaml").read_text(encoding="utf-8"))
"""What each setting of a recipe and of a protocol may be."""

_OWN, _UNMEASURED = Text("自己的網路", "own network"), Text("未測量", "not measured")


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How one network is trained; `ranges.yaml` says what each setting may be.

    Attributes:
        name: The recipe's name, by which notebooks and commands ask for it.
        architecture: Name of the architecture in `fer_nb.learning.models`; by default the recipe's own.
        source: Where the network and its settings come from.
        cost: What it costs, in words that a reader can plan with.
        multiply_adds: What it costs in multiply-adds an image, for an estimate that needs no Keras; 0 where
            nobody counted.
        peak_memory: The memory at which a process peaks that trains it on FER2013, in GB, measured by
            `python -m benchmarks memory` on CPU cores; 0 where nobody measured.
        stated: Accuracies that the source states, 0 to 1, under "validation", "public", "private".
        options: Keyword options of the architecture.
        normalization: Mode of `fer_nb.learning.transforms.fit_normalization`.
        augmentation: Preset of `fer_nb.learning.transforms.PRESETS`.
        augmentation_strength: Factor on every range of the preset; 0 turns it off.
        flipped_copies: Whether mirrored copies double the number of training images (report B).
        crop: Side in pixels of the centre crop that the network sees; None for the whole image.
        small_share: Share of the epochs, the first ones, in which training sees every image at `small_size`:
            a network without dense layers over places costs less there and learns nearly as much
            (progressive resizing, as in arXiv 2104.00298).
        small_size: Side in pixels of those images.
        validation: Share of the training rows held out (0 to 1, identical images kept together), or a
            whole number above 1: the first so many rows (report C).
        epochs: Passes over the training images.
        batch_size: Images a step.
        optimizer: Its name.
        learning_rate: The highest rate that the schedule reaches.
        weight_decay: Decoupled: each step takes this share, times the learning rate, off every weight.
        schedule: The name of what the rate does.
        warmup_epochs: Epochs of linear warm-up before the schedule proper; "one_cycle" climbs for as long,
            and where it is 0 for 30% of the training.
        schedule_factor: By how much a plateau or a step multiplies the rate.
        schedule_patience: Epochs without a lower validation loss before a plateau acts; epochs a step.
        label_smoothing: Share of each target spread over all classes, 0 to 1.
        mixup: Alpha of the Beta distribution that mixes pairs of images; 0 for no mixing.
        averaging: Momentum, a step, of the exponential moving average of the weights; 0 for none. A training
            too short for it takes a smaller one, see `fitting_momentum`.
        early_stopping: Epochs without a higher validation accuracy before training ends; 0 for never.
        selection: "best" keeps the epoch of the highest validation accuracy, "last" the last epoch.
        snapshots: How many of the last epochs keep their weights, for blending.
        precision: Of the arithmetic; "auto" follows `fer_nb.learning.precision`.
        unlabelled_ratio: Images without a label a step, for each labelled one, from which FixMatch learns
            (`fer_nb.learning.training.fixmatch`); 0 for supervised training.
        confidence: Probability from which FixMatch takes its own answer for a label, 0 to 1.

    Raises:
        InputError: A setting is unknown or out of its range.
    """

    name: str
    architecture: str = ""
    source: Text = _OWN
    cost: Text = _UNMEASURED
    multiply_adds: int = 0
    peak_memory: float = 0.0
    stated: Mapping[str, float] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    normalization: str = "unit"
    augmentation: str = "none"
    augmentation_strength: float = 1.0
    flipped_copies: bool = False
    crop: int | None = None
    small_share: float = 0.0
    small_size: int = 32
    validation: float | int = 0.1
    epochs: int
    batch_size: int = 128
    optimizer: str = "adam"
    learning_rate: float = 1e-3
    weight_decay: float = 0.0
    schedule: str = "constant"
    warmup_epochs: float = 0.0
    schedule_factor: float = 0.1
    schedule_patience: int = 10
    label_smoothing: float = 0.0
    mixup: float = 0.0
    averaging: float = 0.0
    early_stopping: int = 0
    selection: str = "last"
    snapshots: int = 0
    precision: str = "float32"
    unlabelled_ratio: int = 0
    confidence: float = 0.95

    def __post_init__(self) -> None:
        object.__setattr__(self, "architecture", self.architecture or self.name)
        object.__setattr__(self, "options", MappingProxyType(dict(self.options)))
        object.__setattr__(self, "stated", MappingProxyType(dict(self.stated)))
        where = f"recipe {self.name!r}"
        check_settings(self, RANGES["recipe"], where=where)
        if not isinstance(self.flipped_copies, bool):
            raise InputError.expected(f"{where}: flipped_copies", "true or false", repr(self.flipped_copies))
        # Not 1 either: as a share it leaves nothing to learn from, as a count nothing to judge by.
        rows = type(self.validation) is int and self.validation > 1
        if not rows and not (isinstance(self.validation, float) and 0 < self.validation < 1):
            wanted = "a share above 0 and below 1, or a whole number of first rows above 1"
            raise InputError.expected(f"{where}: validation", wanted, repr(self.validation))

    @property
    def small_epochs(self) -> int:
        """Number of first epochs that see small images."""
        return int(self.small_share * self.epochs)

    def replace(self, **changes: Any) -> "Recipe":
        """Return the recipe with some settings changed, checked again.

        What the source states holds for its own settings: it is left out unless only `_NEUTRAL` ones change.

        Raises:
            InputError: A setting does not exist, or is out of its range.
        """
        known = {entry.name for entry in dataclasses.fields(self)}
        for name in changes:
            known_name("setting of a recipe", name, known)
        if any(getattr(self, name) != value for name, value in changes.items() if name not in _NEUTRAL):
            changes = {"stated": {}} | changes
        return dataclasses.replace(self, **changes)

    def settings(self) -> dict[str, Any]:
        """Return what decides the trained weights, as plain values for JSON: no source, cost or claim."""
        described = {"source", "cost", "multiply_adds", "peak_memory", "stated"}
        if not self.unlabelled_ratio:  # so that supervised runs keep the keys that they had before
            described |= {"unlabelled_ratio", "confidence"}
        if not self.small_share:
            described |= {"small_share", "small_size"}
        names = [entry.name for entry in dataclasses.fields(self) if entry.name not in described]
        return {name: getattr(self, name) for name in names} | {"options": dict(self.options)}


_NEUTRAL = ("name", "source", "cost", "stated", "precision", "snapshots", "validation")
"""Settings that change neither what is learned nor how: a figure that the source states still compares."""

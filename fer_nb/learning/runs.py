"""Reads and looks through run folders: trained networks with what they reached."""

import hashlib
import json
import math
import warnings
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fer_nb.analysis.evaluation import Predictions, Proportion, with_test
from fer_nb.data.faces import SPLITS, Faces, leaked, of_split, row_hashes
from fer_nb.errors import InputError
from fer_nb.language import Text
from fer_nb.learning.loading import load_network
from fer_nb.learning.recipe import Recipe

FACTS, MODEL, HISTORY, LOGITS = "run.json", "model.keras", "history.csv", "logits.npz"
_KINDS: dict[type, tuple[str, ...]] = {
    dict: ("recipe", "source", "cost", "stated", "data", "versions", "device", "metrics"),
    int: (
        "seed", "epochs", "kept_epoch", "parameters", "multiply_adds", "training_images", "images_per_epoch",
    ),
    float: ("seconds",),
}  # fmt: skip
"""What the facts of a run must hold, by the kind of value."""


@dataclass(frozen=True)
class Run:
    """A finished training.

    Attributes:
        folder: Where it lies.
        facts: What `run.json` holds: recipe, seed, data, versions, device, metrics.
        order: Split -> for each of its faces the row of the stored logits; empty for the stored order.
    """

    folder: Path
    facts: Mapping[str, Any]
    order: Mapping[str, NDArray[np.int64]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The folder's name, `<recipe>-<key>`."""
        return self.folder.name

    @property
    def finished(self) -> float:
        """When it ended, in seconds since the epoch of the system's clock."""
        return (self.folder / FACTS).stat().st_mtime

    @property
    def recipe(self) -> Recipe:
        """The recipe that was trained, with every setting as it was."""
        texts: dict[str, Any] = {name: Text(**self.facts[name]) for name in ("source", "cost")}
        numbers = {name: self.facts[name] for name in ("stated", "multiply_adds")}
        return Recipe(**self.facts["recipe"], **numbers, **texts)

    @property
    def on_practice_faces(self) -> bool:
        """Whether it learned from drawn faces; of a run of old its name tells."""
        return bool(self.facts["data"].get("practice", self.name.startswith("practice_")))

    @property
    def steps(self) -> int:
        """Optimization steps from the starting weights on; runs of old tell their epochs alone."""
        an_epoch = math.ceil(self.facts["images_per_epoch"] / self.facts["recipe"]["batch_size"])
        return int(self.facts.get("steps", self.facts["epochs"] * an_epoch))

    def network(self) -> keras.Model:
        """Return the network in float32: raw grey levels (batch, 48, 48, 1) to logits (batch, 7)."""
        return load_network(self.file(MODEL))

    def file(self, name: str) -> Path:
        """Return the path of one of the run's files.

        Raises:
            InputError: It is not there, or not the one that the training wrote; runs of old cannot tell.
        """
        path, written = self.folder / name, self.facts.get("files", {}).get(name)
        if not path.is_file():
            raise InputError.expected(path, "a file of this run", "nothing there")
        if written and digest(path) != written:
            raise InputError.expected(path, "the file that this run's training wrote", "another one")
        return path

    def snapshots(self) -> list[Path]:
        """Return the models of the last epochs, oldest first, where the recipe keeps any."""
        return sorted(self.folder.glob("snapshot-*.keras"))

    def history(self) -> pd.DataFrame:
        """Return a row an epoch, columns as in `TrainingState.history`; runs of old lack training_..."""
        path = self.file(HISTORY)
        try:
            history = pd.read_csv(path)
            history["epoch"], history["seconds"].astype(float)
        except (ValueError, KeyError) as error:
            raise InputError.expected(path, "a row an epoch", f"damage ({error})") from None
        return history

    def seconds_per_epoch(self) -> float:
        """Return the median seconds of an epoch, without the first of several: it makes the graph, too."""
        seconds = self.history()["seconds"]
        return float(seconds.iloc[min(1, len(seconds) - 1) :].median())

    def logits(self, split: str) -> NDArray[np.float32]:
        """Return the logits of "validation", "PublicTest", "PrivateTest" or "unlabelled", (N, 7).

        Rows stand in the order of the faces that the run was asked for with, or, for one that was read from
        its folder, of those that it was trained with; validation rows in the order of `validation_rows`.
        """
        logits = self._stored(split)
        return logits[self.order[split]] if split in self.order else logits

    def check_trained_at_once(self) -> None:
        """Refuse a run that its recipe, its data and its seed do not make again.

        Raises:
            InputError: It goes on from another, or was handed its validation faces, as self-training does.
        """
        if self.facts["parent"] or self.facts.get("validation_handed_over"):
            found = "one of `resume` or self-training"
            raise InputError.expected(self.folder, "a run that `train` makes again", found)

    @property
    def measured_on(self) -> str:
        """The split that accuracies are of: "test", or "validation" where no test image has a label."""
        return "test" if "test" in self.facts["metrics"] else "validation"

    def correct_tests(self, faces: Faces) -> NDArray[np.bool_]:
        """Return which test images the run gets right, bool (N,), PublicTest before PrivateTest.

        Where the data hold no labelled test image, it is the images held out for validation.

        Args:
            faces: The faces that the training was given.
        """
        predictions = self.predictions(faces)
        return predictions["test" if "test" in predictions else "validation"].correct()

    def predictions(self, faces: Faces) -> dict[str, Predictions]:
        """Return what the run predicts for every split that has labels.

        Args:
            faces: The faces that the training was given.

        Returns:
            "validation" (without it where the training was handed its own), "public", "private" and "test",
            those that have images.
        """
        training, rows = faces.of("Training"), self.validation_rows()
        names = ["validation", *(usage for usage in SPLITS["test"] if faces.counts()[usage])]
        return split_predictions(
            {name: self.logits(name) for name in names},
            faces,
            validation=training.take(rows),
            training=training.take(np.setdiff1d(np.arange(len(training)), rows)),
            unlabelled=self.recipe.unlabelled_ratio > 0,
        )

    def kept_predictions(self) -> dict[str, Predictions]:
        """Return what `predictions` does, without images, by the run's own files; of a run of old nothing."""
        names = {"validation": ("validation",), "public": SPLITS["public"], "private": SPLITS["private"]}
        if "practice" not in self.facts["data"]:  # written when labels were not kept
            return {}
        predictions = {}
        for split, (name,) in names.items():
            if split in self.facts["metrics"]:
                predictions[split] = Predictions(self._stored(name), self._stored(f"{name}_labels"))
        return with_test(predictions)

    def validation_rows(self) -> NDArray[np.int64]:
        """Return the rows of `faces.of("Training")` that were held out, ascending."""
        return self.order["validation_rows"] if self.order else self._stored("validation_rows")

    def validated_on(self, faces: Faces) -> NDArray[np.bool_]:
        """Return which of some labelled faces this training held out, bool (N,), told by content."""
        held_out = Counter(digest.tobytes() for digest in self._stored("validation_hashes"))
        found = []
        for digest in row_hashes(faces):  # of equal images no more than were held out
            found.append(held_out[digest.tobytes()] > 0)
            held_out[digest.tobytes()] -= 1
        return np.array(found, bool)

    def in_order_of(self, predicted: Mapping[str, Faces], validation_rows: NDArray[np.int64]) -> "Run":
        """Return the run for faces that are those of its training, in an order of their own.

        Args:
            predicted: Split -> its faces.
            validation_rows: Their rows of `faces.of("Training")` that were held out, ascending.
        """
        order = {"validation_rows": validation_rows}
        for split, faces in predicted.items():
            order[split] = np.empty(len(faces), np.int64)
            # Equal rows have equal logits, so it does not matter which of them stands for which.
            order[split][np.argsort(row_hashes(faces), kind="stable")] = np.argsort(
                self._stored(f"{split}_hashes"), kind="stable"
            )
        return replace(self, order=order)

    def _stored(self, name: str) -> NDArray[Any]:
        path = self.file(LOGITS)
        try:
            with path.open("rb") as handle, np.load(handle, allow_pickle=False) as stored:
                if name in stored:
                    return stored[name]
                found = ", ".join(stored.files)
        except Exception as error:  # NumPy raises whatever the content provokes
            found = f"damage ({error})"
        raise InputError.expected(path, name, found)


def digest(file: Path) -> str:
    """Return the SHA-256 (hex) of a file, by which the run knows it again."""
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def split_predictions(
    logits: Mapping[str, NDArray[np.floating]],
    faces: Faces,
    *,
    validation: Faces,
    training: Faces,
    unlabelled: bool,
) -> dict[str, Predictions]:
    """Return what a training's logits predict for each split that has labels.

    Args:
        logits: "validation", "PublicTest", "PrivateTest" -> (N, 7), those that there are.
        faces: All faces.
        validation: What was held out of the training.
        training: What was trained on, in which images of `validation` are looked for.
        unlabelled: Whether images without a label were learned from, too.

    Returns:
        "validation", "public", "private" and "test", those that have images.
    """
    parts = {"validation": (validation, training)}
    learned = faces.of("Training", *["unlabelled"] * unlabelled)
    parts |= {split: (of_split(faces, split), learned) for split in ("public", "private")}
    predictions = {}
    for split, (part, seen) in parts.items():
        if len(part):
            own = logits[SPLITS.get(split, (split,))[0]]
            predictions[split] = Predictions(own, part.labels, part.images, leaked(part, seen))
    return with_test(predictions)


def read_run(folder: Path) -> Run:
    """Return the run that lies in `folder`.

    Raises:
        InputError: There is no run, or its facts cannot be read.
    """
    path = folder / FACTS
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError.expected(folder, f"a run folder with {FACTS}", "none") from None
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path}: expected the facts of a run as JSON ({error})") from None
    if not isinstance(facts, dict):
        raise InputError.expected(path, "the facts of a run", type(facts).__name__)
    for kind, names in _KINDS.items():
        for name in names:
            value = facts.get(name)
            if isinstance(value, bool) or not isinstance(value, kind | int if kind is float else kind):
                raise InputError.expected(f"{path}: {name}", kind.__name__, type(value).__name__)
    run = Run(folder, facts)
    try:
        shares = [Proportion(**scores["all"]) for scores in facts["metrics"].values()]
        whole = all(math.isfinite(share.accuracy or 0) and facts["seed"] >= 0 for share in shares)
        if not (run.recipe and run.steps and Text(**facts["device"]) and whole):
            raise ValueError("a number out of its range")
    except (TypeError, KeyError, ValueError, AttributeError, ZeroDivisionError) as error:
        raise InputError.expected(path, "the facts of a run", f"others ({error!r})") from None
    return run


def write_facts(folder: Path, facts: Mapping[str, Any]) -> None:
    """Write the facts of a run as JSON."""
    text = json.dumps(facts, indent=2, ensure_ascii=False)
    (folder / FACTS).write_text(text + "\n", encoding="utf-8")


def list_runs(runs: Path) -> list[Run]:
    """Return every finished run below `runs`, by name; of one that cannot be read a warning says so."""
    found = []
    for path in sorted(runs.glob(f"[!.]*/{FACTS}")):
        try:
            found.append(read_run(path.parent))
        except InputError as error:
            warnings.warn(f"left out: {error}", stacklevel=2)
    return found


def best_run(runs: Path) -> Run:
    """Return the run with the highest validation accuracy; one on practice faces if there is no other.

    Raises:
        InputError: There is none.
    """
    found = list_runs(runs)
    if not found:
        raise InputError.expected(runs, "trained networks (`python -m fer_nb train` makes one)", "none")

    def reached(run: Run) -> tuple[bool, float]:
        metrics = run.facts["metrics"]
        score = metrics["validation" if "validation" in metrics else "test"]["all"]["accuracy"]
        return not run.on_practice_faces, score or 0.0

    return max(found, key=reached)

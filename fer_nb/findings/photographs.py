"""What a network makes of faces cut out of photographs, and what its answer is worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fer_nb.analysis.evaluation import class_scores, fit_temperature, metrics, softmax
from fer_nb.findings import names
from fer_nb.findings.sentences import interval_text, joined, percent
from fer_nb.language import EMOTIONS, Text, read_texts

if TYPE_CHECKING:
    import keras

    from fer_nb.analysis.evaluation import Predictions
    from fer_nb.learning.prediction.ensemble import Member

TEXTS = read_texts(Path(__file__).with_suffix(".yaml"))


@dataclass(frozen=True)
class Observer:
    """A network that looks at faces, with what is known of it.

    Attributes:
        member: The network.
        predictions: Split -> what it answered there; empty where nothing is known.
    """

    member: "Member"
    predictions: Mapping[str, "Predictions"]

    @classmethod
    def of(cls, member: "Member") -> "Observer":
        """Return the observer that a network makes, with what its run's own files tell."""
        return cls(member, member.run.kept_predictions() if member.run else {})

    @cached_property
    def network(self) -> "keras.Model":
        """The network itself."""
        return self.member.network()

    @cached_property
    def temperature(self) -> float | None:
        """What its logits are divided by; None where no validation image tells, or all are right."""
        if (held_out := self.predictions.get("validation")) is None:
            return None
        found = fit_temperature(held_out.logits, held_out.labels)
        return found.temperature if found.determined else None

    def look(self, cuts: NDArray[np.uint8]) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
        """Return the calibrated probabilities (N, 7) and the maps of the most probable class (N, 48, 48).

        Args:
            cuts: Grey faces, uint8 (N, 48, 48).
        """
        from fer_nb.analysis.saliency import smoothgrad
        from fer_nb.learning.prediction import predict_logits

        logits = predict_logits(self.network, cuts)
        maps = smoothgrad(self.network, cuts, logits.argmax(axis=1), seed=0)
        return softmax(logits, temperature=self.temperature or 1.0), maps

    def name(self) -> Text:
        """Return what a person would call the network."""
        run = self.member.run
        return names.trained(run.recipe) if run else Text(self.member.name, self.member.name)

    def limits(self) -> Text:
        """Say what it was trained on, how often it is right by class, and what its answer does not say."""
        return joined(*self._training(), *self._accuracy(), self._calibration(), TEXTS["feeling"])

    def _training(self) -> list[Text]:
        run = self.member.run
        if run is None:
            return [TEXTS["from elsewhere"].format(name=self.name())]
        data = TEXTS["practice" if run.on_practice_faces else "fer2013"]
        images = run.facts["training_images"]
        said = TEXTS["trained on"].format(name=self.name(), images=images, data=data)
        return [said, TEXTS["practice limit"]] if run.on_practice_faces else [said]

    def _accuracy(self) -> list[Text]:
        scores = metrics(self.predictions) or (self.member.run.facts["metrics"] if self.member.run else {})
        split = next((split for split in ("test", "validation") if split in scores), None)
        if split is None:
            return []
        score = scores[split]["all"]
        accuracy = interval_text(score)
        said = [TEXTS["accuracy"].format(split=names.split(split), n=score["n"], accuracy=accuracy)]
        if split in self.predictions:
            recalls = [one.recall.accuracy for one in class_scores(self.predictions[split].matrix)]
            classes = [
                Text(f"{emotion.zh} {percent(recall)}", f"{emotion.en} {percent(recall)}")
                for emotion, recall in zip(EMOTIONS, recalls, strict=True)
                if recall is not None
            ]
            said.append(TEXTS["classes"].format(classes=classes))
        return said

    def _calibration(self) -> Text:
        if self.temperature is None:
            return TEXTS["not calibrated"]
        held_out = len(self.predictions["validation"])
        return TEXTS["calibrated"].format(temperature=self.temperature, n=held_out)

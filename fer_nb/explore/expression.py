"""Draw a practice face with a slider for each action unit, and watch a network's answer follow."""

from functools import partial
from typing import TYPE_CHECKING

import ipywidgets as widgets
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from numpy.typing import NDArray

from fer_nb.analysis import saliency
from fer_nb.analysis.evaluation import softmax
from fer_nb.data.synthetic import UNITS, draw_faces, specify
from fer_nb.explore.live import Live, dropdown, slider
from fer_nb.figures.faces import face, heat_over_face, probability_bars
from fer_nb.findings.errors.reasons import usual_units
from fer_nb.language import EMOTIONS
from fer_nb.learning.prediction import predict_logits

if TYPE_CHECKING:
    import keras

STRENGTH = 0.9  # of the units of an emotion that is picked


def draw_expression(network: "keras.Model") -> widgets.VBox:
    """Return sliders for a face's action units, the face, the network's answer and where it looks.

    Args:
        network: (batch, 48, 48, 1) grey levels in.
    """
    look = {"description_width": "20em"}
    dial = partial(widgets.FloatSlider, min=0.0, max=1.0, step=0.05, continuous_update=False, style=look)
    units = {f"AU{number}": dial(0.0, description=f"{number} {name}") for number, name in UNITS.items()}
    person = slider(1, 0, 99, description="人 person")
    emotion = dropdown(options=[str(name) for name in EMOTIONS], description="表情 emotion")

    def draw(person: int, **intensities: float) -> Figure:
        units = {int(name.removeprefix("AU")): value for name, value in intensities.items()}
        return expression(network, drawn(person, units))

    shown = Live(draw, {"person": person} | units, column="34em")

    def pose(_: object = None) -> None:
        wanted = units_of(EMOTIONS[emotion.index].en)
        shown.take({f"AU{number}": wanted.get(number, 0.0) for number in UNITS})

    emotion.observe(pose, names="value")
    emotion.value = str(EMOTIONS[3])
    return widgets.VBox([emotion, shown])


def units_of(emotion: str) -> dict[int, float]:
    """Return the action units that most people show with an emotion, number -> STRENGTH."""
    return dict.fromkeys(usual_units(emotion), STRENGTH)


def drawn(person: int, units: dict[int, float]) -> NDArray[np.uint8]:
    """Return the face of a person, uint8 (48, 48), with action units of given intensities, 0 to 1."""
    specification = specify({"Training": 1}, seed=person, difficulty="easy", wrong_labels=0.0)
    specification.units = [units.get(number, 0.0) for number in UNITS]
    return draw_faces(specification)[0]


def expression(network: "keras.Model", image: NDArray[np.uint8]) -> Figure:
    """Return the figure of a drawn face: the face, the probabilities, and the gradient over the face."""
    probabilities = softmax(predict_logits(network, image[None]))[0]
    predicted = int(probabilities.argmax())
    figure, (photo, bars, heat) = plt.subplots(1, 3, figsize=(9.6, 3.2), layout="constrained")
    face(photo, image)
    probability_bars(bars, probabilities, true=None)
    found = saliency.gradient(network, image[None], np.array([predicted]))[0]
    heat_over_face(heat, image, found, title=str(EMOTIONS[predicted]))
    return figure

"""Look into a network: a face, what it is taken for, where the network looks, and what a layer puts out."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from numpy.typing import NDArray

from fer_nb.analysis.ascent import channel_objective, filter_layers, filter_outputs
from fer_nb.analysis.evaluation import softmax
from fer_nb.data.faces import USAGES, Faces
from fer_nb.errors import InputError
from fer_nb.explore.live import Live, dropdown, slider
from fer_nb.figures.faces import face, heat_over_face, probability_bars
from fer_nb.findings import names
from fer_nb.findings.saliency.methods import methods_for
from fer_nb.findings.sentences import percent
from fer_nb.language import EMOTIONS, Text
from fer_nb.learning.prediction import predict_logits
from fer_nb.learning.prediction.ensemble import Member
from fer_nb.learning.runs import list_runs

if TYPE_CHECKING:
    import keras

    from fer_nb.findings.saliency.methods import Method

SAMPLES, MASKS = 16, 200  # of the methods that draw: enough to see, few enough to wait for
PREDICTED = "預測的類別 the predicted"
FILTERS = 16
_CLASSES = {str(emotion): label for label, emotion in enumerate(EMOTIONS)}


def look_inside(faces: Faces, runs: Path, *, first: Member | None = None) -> Live:
    """Return the laboratory: pick a run, a face, a class, a saliency method and a layer.

    Args:
        faces: Where the face is taken from; every split that has images is offered.
        runs: Folder of all runs.
        first: The network that is offered first, one of the runs or not; they follow, the latest first.

    Raises:
        InputError: There is no run yet.
    """
    latest = sorted(list_runs(runs), key=lambda run: run.finished, reverse=True)
    listed = [*filter(None, [first]), *map(Member.of, latest)]
    found = {member.name: member for member in listed}  # each once, where it comes first
    if not found:
        raise InputError(f"{runs}: expected trained networks, found none; a notebook that trains makes them")
    splits = {usage: faces.of(usage) for usage, count in faces.counts().items() if count}
    networks = [(title(member), name) for name, member in found.items()]
    whole_line = widgets.Layout(grid_area="auto / 1 / auto / -1", max_width="60em")  # for their long names
    parts = [(str(names.split(usage)), usage) for usage in splits]
    controls = {
        "run": dropdown(options=networks, description="網路 network", layout=whole_line),
        "split": dropdown(options=parts, description="分割 split"),
        "number": slider(0, 0, 0, description="影像 image"),
        "of": dropdown(options=[PREDICTED, *_CLASSES], description="類別 class"),
        "method": dropdown(description="方法 method"),
        "layer": dropdown(description="層 layer"),
    }
    network = lru_cache(maxsize=4)(lambda name: found[name].network())
    mean_face = next(iter(splits.values())).images.mean(axis=0)

    @lru_cache(maxsize=4)
    def methods(name: str) -> dict[str, "Method"]:
        used = methods_for(network(name), baseline=mean_face, samples=SAMPLES, masks=MASKS, layer="", seed=0)
        return {str(method): function for method, function in used.items()}

    def fit_numbers(_: object = None) -> None:
        controls["number"].max = len(splits[controls["split"].value]) - 1

    def fit_menus(_: object = None) -> None:
        name = controls["run"].value
        for menu, offered in {"layer": filter_layers(network(name)), "method": [*methods(name)]}.items():
            kept = controls[menu].value
            controls[menu].options = [(str(names.layer(one)), one) for one in offered]
            controls[menu].value = kept if kept in offered else offered[0]

    controls["split"].observe(fit_numbers, names="value")
    controls["run"].observe(fit_menus, names="value")
    fit_numbers()
    fit_menus()

    def draw(*, run: str, split: str, number: int, of: str, method: str, layer: str) -> Figure:
        chosen = splits[split]
        label = int(chosen.labels[number])
        true = EMOTIONS[label] if label >= 0 else None
        return inside(
            network(run), chosen.images[number], true=true, of=of, method=methods(run)[method], layer=layer
        )

    return Live(draw, controls)


def place_of(faces: Faces, row: int) -> dict[str, Any]:
    """Return under which split and number the laboratory offers a row of its faces."""
    of_usage = np.flatnonzero(faces.usage == faces.usage[row])
    return {"split": USAGES[faces.usage[row]], "number": int(np.searchsorted(of_usage, row))}


def title(member: Member) -> str:
    """Return a network as a person would name it: a run's network, its accuracy, when it ended."""
    if (run := member.run) is None:
        return member.name
    scores = run.facts["metrics"]
    accuracy = scores.get("test", scores["validation"])["all"]["accuracy"]
    ended = datetime.fromtimestamp(run.finished)
    day = "今天 today" if ended.date() == datetime.now().date() else f"{ended:%Y-%m-%d}"
    return f"{names.trained(run.recipe)} · {percent(accuracy)} · {day} {ended:%H:%M}"


def inside(
    network: "keras.Model",
    image: NDArray[np.uint8],
    *,
    true: Text | None,
    of: str,
    method: "Method",
    layer: str,
) -> Figure:
    """Return the figure of one face: face, probabilities, map over the face, outputs of a layer's filters.

    Args:
        network: (batch, 48, 48, 1) grey levels in.
        image: uint8 (48, 48).
        true: Its class, None where unknown.
        of: PREDICTED or the name of the class whose logit the map explains.
        method: method(network, images, classes) -> maps.
        layer: Name of the layer whose outputs are shown.
    """
    probabilities = softmax(predict_logits(network, image[None]))[0]
    explained = _CLASSES.get(of, int(probabilities.argmax()))
    figure = plt.figure(figsize=(9.6, 5.4), layout="constrained")
    halves = figure.add_gridspec(2, 1, height_ratios=(1.2, 1))
    above, below = figure.add_subfigure(halves[0]), figure.add_subfigure(halves[1])
    photo, bars, heat = above.subplots(1, 3)
    face(photo, image, title=str(true) if true else "")
    probability_bars(bars, probabilities, true=true)
    found = method(network, image[None], np.array([explained]))[0]
    heat_over_face(heat, image, found, title=str(EMOTIONS[explained]))
    outputs = filter_outputs(channel_objective(network, layer), image[None])[0]
    for ax, channel in zip(below.subplots(2, FILTERS // 2).flat, range(FILTERS), strict=True):
        ax.set_axis_off()
        if channel < outputs.shape[-1]:
            ax.imshow(outputs[..., channel], cmap="gray")
            ax.set_title(f"{layer} {channel}", fontsize=7)
    return figure

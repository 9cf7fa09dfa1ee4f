"""Whether what a profile asks for is there and can be made, before anything runs."""

import contextlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fer_nb.commands.backend import start_networks
from fer_nb.errors import InputError

if TYPE_CHECKING:
    from fer_nb.report.build import Chosen


def data_for(profile: str, data: str | None, settings: Sequence[str]) -> tuple[str | None, list[str]]:
    """Return --data and the settings; where no path is given that leads anywhere, FER2013 that is mounted.

    A setting `data=fer2013` is taken as --data, which it would go before unread.

    Args:
        profile: A name in `params/`, or a file.
        data: As it was given, None where it was not.
        settings: `key=value` pairs, which go before both.

    Raises:
        InputError: The profile cannot be read.
    """
    from fer_nb.commands.options import mounted
    from fer_nb.data import FOUND_NAME, PRACTICE_NAME
    from fer_nb.report.parameters import is_practice
    from fer_nb.report.profile import open_profile
    from fer_nb.report.project import find_profile, find_root

    given = [setting for setting in settings if setting.partition("=")[0].strip() == "data"]
    if given and given[-1].partition("=")[2].strip() == FOUND_NAME:
        data, settings, given = FOUND_NAME, [one for one in settings if one not in given], []
    named = data if data == FOUND_NAME else PRACTICE_NAME
    if data is None and not given:
        named = str(open_profile(find_profile(profile, find_root())).settings.get("data", PRACTICE_NAME))
    there = is_practice(named) or os.path.exists(os.path.expanduser(named))  # noqa: PTH110, PTH111
    return (data if there else mounted() or data), list(settings)


def check(chosen: "Chosen", *, use_gpu: bool = False) -> None:
    """Read every data set and make every network once before anything runs.

    It looks where the notebooks run, in the project's folder: there they find the packed copy of the data.

    Args:
        chosen: Notebook -> its parameters, defaults too.
        use_gpu: Whether this process computes afterwards: a backend chooses its devices once.

    Raises:
        InputError: With the file, the row, and what was expected; or the setting and what it may be.
    """
    from fer_nb.report.project import find_root

    with contextlib.chdir(find_root()):
        _check(chosen, use_gpu=use_gpu)


def _check(chosen: "Chosen", *, use_gpu: bool) -> None:
    from fer_nb.commands.trainings import planned_trainings
    from fer_nb.data import load, practice_count
    from fer_nb.data.subsets import take_training

    trainings = planned_trainings(chosen)
    asked = {
        (values["data"], images)
        for values in chosen.values()
        if "data" in values
        for images in (
            values.get("training_images", 0),
            *(values[key] for key in values if key.endswith("_subset")),
        )
    }
    for data, images in sorted(asked):
        drawn = practice_count(data)
        if drawn is None:
            take_training(load(data), images, seed=0)
        elif images > drawn:
            raise InputError.expected(f"{data}: training images", f"0 (all) to {drawn}", images)
    for values in chosen.values():
        _check_images(values)
    looked_at = [values for values in chosen.values() if _GIVEN & set(values)]
    if trainings or looked_at:
        start_networks(use_gpu=use_gpu)  # takes Keras, so after the rest
        from fer_nb.learning.training.plan import check_recipe

        for recipe in {training.label: training.recipe for training in trainings}.values():
            check_recipe(recipe)
        for values in looked_at:
            _check_given(values)
            _check_layers(values)


def _check_images(values: Mapping[str, Any]) -> None:
    """Refuse an image that the data set does not have; practice faces take too long to draw for it."""
    from fer_nb.data import load, practice_count
    from fer_nb.findings.saliency.images import named_images

    named = [name for name in (*values.get("saliency_images", ()), values.get("ascent_image")) if name]
    if named and practice_count(values["data"]) is None:
        images, seed = values.get("training_images", 0), values.get("seed", 0)
        named_images(named, load(values["data"], images=images, seed=seed, quiet=True))


_LAYERS = {"saliency_layer": "saliency", "ascent_layers": "ascent"}
_GIVEN = {"cnn_members", "matrix_model", "saliency_model", "ascent_model"}


def _check_given(values: Mapping[str, Any]) -> None:
    """Refuse a file that is no network of this task."""
    from fer_nb.learning.prediction.ensemble import ENDINGS, open_ensemble

    for key in _GIVEN & set(values):
        given = values[key] if isinstance(values[key], list) else [values[key]]
        files = [Path(name) for name in given if Path(name).suffix in ENDINGS]  # others may be trained yet
        open_ensemble(files, runs=Path(values["runs_folder"]))


def _check_layers(values: Mapping[str, Any]) -> None:
    """Refuse a layer that the network to look into does not have."""
    from fer_nb.analysis.ascent import find_layer
    from fer_nb.learning.prediction.ensemble import open_ensemble
    from fer_nb.learning.recipes import get_recipe
    from fer_nb.learning.training.plan import check_recipe

    for key, prefix in _LAYERS.items():
        if key in values:
            given = values.get(f"{prefix}_model")
            if given:
                network = open_ensemble([Path(given)], runs=Path(values["runs_folder"]))[0].network()
            else:
                network = check_recipe(get_recipe(values[f"{prefix}_recipes"][0], values["settings"]))
            layers = values[key] if isinstance(values[key], list) else [values[key]]
            for layer in filter(None, layers):
                find_layer(network, layer)

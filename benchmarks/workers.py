"""Processes that train on request: what TensorFlow reads at its start differs between ways of training."""

import multiprocessing
import tempfile
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from fer_nb.commands.backend import variables_set

REAL = "real loop"


class Worker:
    """A process that holds several trainers of one recipe and runs an epoch of the one that is named.

    Args:
        recipe: Name of the recipe.
        ways: Way -> (precision, XLA) of a bare fit, None for the real loop.
        steps: Steps an epoch.
        environment: Variables that the process is started with.
    """

    def __init__(
        self, recipe: str, ways: Mapping[str, Any], *, steps: int, environment: Mapping[str, str]
    ) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, other = context.Pipe()
        self.process = context.Process(target=_serve, args=(other, recipe, dict(ways), steps), daemon=True)
        with variables_set(environment):
            self.process.start()

    def images_per_second(self, way: str) -> float:
        """Train an epoch."""
        self.connection.send(way)
        return self.connection.recv()

    def end(self) -> None:
        """End the process."""
        self.connection.send(None)
        self.process.join()


def _serve(connection: Connection, recipe_name: str, ways: dict[str, Any], steps: int) -> None:
    from benchmarks.trainers import BareFit, RealLoop, Trainer, random_faces
    from fer_nb.learning.recipes import get_recipe

    recipe = get_recipe(recipe_name).replace(precision="auto", small_share=0.0)  # all ways see whole images
    faces = random_faces(steps * recipe.batch_size)
    with tempfile.TemporaryDirectory() as folder:
        trainers: dict[str, Trainer] = {}
        while (way := connection.recv()) is not None:
            if way not in trainers:
                trainers[way] = (
                    RealLoop(recipe, faces, folder=Path(folder))
                    if way == REAL
                    else BareFit(recipe, faces, precision=ways[way][0], xla=ways[way][1])
                )
            connection.send(trainers[way].images / trainers[way].epoch())

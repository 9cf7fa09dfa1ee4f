"""Trainings on several processes of this machine, measured; on many devices, simulated from its rates."""

import heapq
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from fer_nb.commands.backend import start_networks
from fer_nb.commands.estimate import TRAINING_SECONDS
from fer_nb.commands.train_all import run_training
from fer_nb.commands.trainings import Training, distinct, path_lengths, planned_trainings

THREADS = "TF_NUM_INTRAOP_THREADS"
WAYS: dict[str, tuple[list[str], dict[str, str]]] = {
    "one after another, this process": ([], {}),
    "1 worker of all cores": (["--workers", "1"], {}),
    "2 workers, equal to the bit with the above": (["--workers", "2"], {}),
    "2 workers of one thread": (["--workers", "2"], {THREADS: "1"}),
}
DEVICES = (1, 4, 16, 64)
TASKS, TURNS = 5, 3  # a first turn, which makes what the others use, is not counted
STEPS, EPOCHS = 2, 4  # the fastest epoch counts: the first makes the graph, others may be disturbed


@click.command()
@click.option("--profile", default="quick", show_default=True)
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="A parameter, over the profile.")
@click.option("--rounds", type=click.IntRange(1), default=1, show_default=True, help="Of all ways, in turns.")
def cluster(profile: str, *, settings: tuple[str, ...], rounds: int) -> None:
    """Train all that a profile's notebooks ask for in several ways; print what a task costs beside its work.

    Example: nox -s bench -- cluster --set ablation_repeats=1
    """
    given = [word for setting in settings for word in ("--set", setting)]
    found: dict[str, list[tuple[float, float, float]]] = {way: [] for way in WAYS}
    for _ in range(rounds):
        for way, (options, variables) in WAYS.items():
            words = ["train-all", "--profile", profile, *given, *options, "--quiet"]
            found[way].append(_timed([sys.executable, "-m", "fer_nb", *words], variables))
            seconds, cpu, images = found[way][-1]
            click.echo(f"{way:<44}{seconds:>7.0f} s{cpu:>7.0f} s of CPU{images / seconds:>8,.0f} images/s")
    first = statistics.median(seconds for seconds, *_ in next(iter(found.values())))
    for way, measured in found.items():
        ratio = first / statistics.median(seconds for seconds, *_ in measured)
        click.echo(f"{way:<44}{ratio:>7.2f} times as fast as the first")
    alone, shared = _beside(TASKS)
    more = f"takes {shared - alone:+.2f} s more on a worker ({TASKS} tasks, median of {TURNS})"
    click.echo(f"a task of {alone:.2f} s alone {more}")


def _timed(command: Sequence[str], variables: Mapping[str, str]) -> tuple[float, float, float]:
    """Run `train-all` into an empty folder; return seconds, CPU seconds and the images it learned from."""
    from fer_nb.learning.runs import list_runs

    with tempfile.TemporaryDirectory() as folder:
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        options: Any = {"env": os.environ | variables, "stdout": subprocess.DEVNULL}
        subprocess.run([*command, "--runs", folder], check=True, **options)
        seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
        facts = [run.facts for run in list_runs(Path(folder))]
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, cpu, float(sum(one["epochs"] * one["images_per_epoch"] for one in facts))


def _beside(tasks: int) -> tuple[float, float]:
    """Return the median seconds of a short training in this process, and in a worker, in turns."""
    from fer_nb.commands.cluster import connect, train_on
    from fer_nb.commands.trainings import read_data

    values = {"data": "practice:2400", "x_recipes": ["practice_dnn"], "x_epochs": 1}
    values["x_repeats"] = 2 * tasks * (TURNS + 1)
    trainings = planned_trainings({"01": values})
    start_networks(use_gpu=False)
    faces = read_data(trainings)
    (data,) = faces.values()

    def in_process(some: Sequence[Training]) -> None:
        for one in some:
            run_training(one, data, runs=runs, progress="none")

    def on_worker(some: Sequence[Training]) -> None:
        list(train_on(client, some, faces, run=run_training, runs=runs, **options))

    here, there = [], []
    with tempfile.TemporaryDirectory() as folder, connect(1, None) as client:
        runs, options = Path(folder), {"workers": 1, "on_gpu": False, "checkpoint_seconds": 1e9}
        while trainings:
            here.append(_seconds(in_process, trainings[:tasks]))
            there.append(_seconds(on_worker, trainings[tasks : 2 * tasks]))
            trainings = trainings[2 * tasks :]
    return statistics.median(here[1:]) / tasks, statistics.median(there[1:]) / tasks


def _seconds(call: Callable[[Sequence[Training]], None], trainings: Sequence[Training]) -> float:
    started = time.perf_counter()
    call(trainings)
    return time.perf_counter() - started


@click.command()
@click.option("--profile", default="full", show_default=True)
@click.option("--data", metavar="PATH", help="The data set for all notebooks; only its size counts.")
def scaling(profile: str, *, data: str | None) -> None:
    """Simulate a profile's trainings on 1, 4, 16 and 64 devices like this one, from rates measured here.

    Only trainings count, neither notebooks nor predictions. On a GPU the rates are the GPU's.

    Example: nox -s bench -- scaling --profile full
    """
    from fer_nb.report.build import read_parameters

    trainings = distinct(planned_trainings(read_parameters(profile, data=data).complete))
    start_networks()
    seconds = _predicted(trainings)
    total = sum(seconds.values())
    click.echo(f"{len(trainings)} trainings, {total / 3600:,.1f} hours on one device like this one")
    for devices in DEVICES:
        needed = finished(trainings, seconds, devices)
        speed, busy = total / needed, total / needed / devices
        click.echo(f"{devices:>4}: {needed / 3600:>8,.1f} hours, {speed:.1f} times as fast, {busy:.0%} busy")
    longest = critical_path(trainings, seconds)
    length = sum(seconds[training.identity] for training in longest)
    names = " -> ".join(f"{one.notebook[:2]} {one.label}, seed {one.seed}" for one in longest)
    click.echo(
        f"critical path, {length / 3600:,.1f} hours, {total / length:.1f} times as fast at most: {names}"
    )


def _predicted(trainings: Sequence[Training]) -> dict[str, float]:
    """Return the seconds of each training, by identity, from the rate of its network measured here."""
    from benchmarks.trainers import RealLoop, random_faces
    from fer_nb.commands.trainings import TRAINING_PASSES

    rates: dict[str, float] = {}
    for recipe in {training.recipe.architecture: training.recipe for training in trainings}.values():
        plain = recipe.replace(small_share=0.0, unlabelled_ratio=0, flipped_copies=False, augmentation="none")
        with tempfile.TemporaryDirectory() as folder:
            loop = RealLoop(plain, random_faces(STEPS * plain.batch_size), folder=Path(folder))
            rate = max(loop.images / loop.epoch() for _ in range(EPOCHS))
        click.echo(f"{recipe.architecture:<20}{rate:>10,.1f} images/s")
        rates[recipe.architecture] = rate * TRAINING_PASSES * recipe.multiply_adds
    return {
        training.identity: TRAINING_SECONDS + training.work / rates[training.recipe.architecture]
        for training in trainings
    }


def finished(trainings: Sequence[Training], seconds: Mapping[str, float], devices: int) -> float:
    """Return when the last training ends, the longest work ahead first, each after the one that it waits for.

    Args:
        trainings: Each behind the one that it waits for.
        seconds: Of each, by identity.
        devices: Each does one training at a time.
    """
    ahead = path_lengths(trainings, seconds)
    ready = [
        (-ahead[training.identity], training.identity) for training in trainings if not training.waits_for
    ]
    heapq.heapify(ready)
    running: list[tuple[float, str]] = []
    now = 0.0
    while ready or running:
        while ready and len(running) < devices:
            _, identity = heapq.heappop(ready)
            heapq.heappush(running, (now + seconds[identity], identity))
        now, ended = heapq.heappop(running)
        for training in trainings:
            if training.waits_for == ended:
                heapq.heappush(ready, (-ahead[training.identity], training.identity))
    return now


def critical_path(trainings: Sequence[Training], seconds: Mapping[str, float]) -> list[Training]:
    """Return the trainings, one after another, that take longest on however many devices."""
    ahead = path_lengths(trainings, seconds)
    path: list[Training] = []
    while after := [one for one in trainings if one.waits_for == (path[-1].identity if path else "")]:
        path.append(max(after, key=lambda training: ahead[training.identity]))
    return path

"""Trains on a Dask cluster: a training is a task, and its run folder comes back whole or not at all.

Dask schedules, does again what a dead worker was doing, lets an arm wait for the one before it, and carries
data and runs. A worker that computes with something else than the client offers itself for no training.
"""

from __future__ import annotations

import copy
import hashlib
import logging
import uuid
import warnings
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from distributed import Client, Future, as_completed

from fer_nb.commands.trainings import Training, path_lengths
from fer_nb.commands.worker import ALONE, GPU, MEMORY, Member, Place, Seen, computing_with, look, train_one
from fer_nb.data.faces import Faces, fingerprints
from fer_nb.errors import InputError
from fer_nb.learning.parcels import Parcel, pack

ATTEMPTS = 3  # then a training whose workers died, or whose run came damaged, is given up
SECONDS = 20  # to wait for a scheduler, and for its first worker
GPU_WORK = 1e15  # multiply-adds from which a training asks for a GPU: two hours of two CPU cores


@contextmanager
def connect(workers: int | None, scheduler: str | None) -> Iterator[Client]:
    """Give a client of a running scheduler, or of a cluster of so many processes on this machine.

    Raises:
        InputError: There is no scheduler at that address, or it has no worker.
    """
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is said by the commands
    here: dict[str, Any] = {"n_workers": workers, "threads_per_worker": 1, "silence_logs": logging.CRITICAL}
    options = {} if scheduler else here | {"dashboard_address": "127.0.0.1:0"}
    try:
        client = Client(scheduler, timeout=SECONDS, set_as_default=False, **options)
    except (OSError, ValueError) as error:
        raise InputError(f"--scheduler {scheduler}: expected a running Dask scheduler ({error})") from None
    with closing(client):
        try:
            client.wait_for_workers(1, timeout=SECONDS)
        except TimeoutError:
            raise InputError(f"--scheduler {scheduler}: expected a worker or more, found none") from None
        yield client


def train_on(
    client: Client,
    trainings: Sequence[Training],
    faces: Mapping[tuple[str, int], Faces],
    *,
    run: Callable[..., Any],
    runs: Path,
    workers: int | None,
    on_gpu: bool,
    checkpoint_seconds: float,
) -> Generator[tuple[Training, Parcel], None, None]:
    """Train on a cluster, and yield each training as it ends, its run lying below `runs`.

    Args:
        client: Of the cluster.
        trainings: Each behind the one that it waits for.
        faces: What they read, by `Training.data_key`.
        run: What trains one; workers find it by its name.
        runs: Folder of all runs.
        workers: How many divide this machine; None for somebody's cluster.
        on_gpu: Whether who looks for the runs computes on a GPU, and would choose its arithmetic.
        checkpoint_seconds: Of `find_or_train`.

    Raises:
        InputError: A worker has other versions than this process, or another number of threads.
    """
    place, seen = _checked(client, runs, workers)
    if not on_gpu:
        trainings = [_in_own_precision(training) for training in trainings]
    largest, lengths = max(one.memory for one in seen), path_lengths(trainings)
    waited_for = {training.waits_for for training in trainings}
    done: dict[str, Any] = {}  # a future, or the run that was there
    asked: dict[Any, Training] = {}
    attempts: dict[str, int] = {}
    sent: dict[tuple[str, int], tuple[Future, dict[str, str]]] = {}

    def submit(training: Training) -> None:
        number = attempts[training.identity] = attempts.get(training.identity, 0) + 1
        if training.data_key not in sent:
            sent[training.data_key] = _sent(client, faces[training.data_key])
        data, expected = sent[training.data_key]
        marks = (training.identity, expected, place, number)
        able = any(one.gpu and one.memory >= training.recipe.peak_memory for one in seen)
        asks_gpu = able and training.work >= GPU_WORK
        done[training.identity] = future = client.submit(
            train_one, training, data, [done[before] for before in ancestors(training, trainings)],
            run=run, expected=expected, place=place, checkpoint_seconds=checkpoint_seconds,
            # The same task of two clients is one: Dask knows it by its key.
            key=f"{training.recipe.name}-{hashlib.sha256(repr(marks).encode()).hexdigest()[:16]}",
            resources={ALONE: 1, MEMORY: training.recipe.peak_memory} | ({GPU: 1} if asks_gpu else {}),
            priority=lengths[training.identity], retries=ATTEMPTS,
        )  # fmt: skip
        asked[future.key] = training
        ended.add(future)

    ended = as_completed(loop=client.loop)
    try:
        for training in trainings:
            packed = place.send and training.identity in waited_for
            there = partial(run, training, faces[training.data_key], runs=runs, only_find=True)
            parcel = _there(training, there, packed=packed, largest=largest)
            if parcel is None:
                submit(training)
            else:
                done[training.identity] = parcel
                yield training, parcel
        for future in ended:
            training = asked.pop(future.key)
            parcel = _result(future)
            if parcel.unpack(runs):
                if training.identity not in waited_for:
                    del done[training.identity]  # its worker may forget it
                yield training, parcel
            elif attempts[training.identity] < ATTEMPTS:
                submit(training)
            else:
                yield training, Parcel(error=f"its run came damaged {ATTEMPTS} times", worker=parcel.worker)
    finally:
        client.cancel([done[training.identity] for training in asked.values()])


def _there(training: Training, find: Callable[[], Any], *, packed: bool, largest: float) -> Parcel | None:
    """Return the run that is there, or why it cannot be trained; None where it can and is to be."""
    from fer_nb.learning.training.train import NotTrained

    needed = training.recipe.peak_memory
    try:
        run = find()
    except NotTrained:
        if needed <= largest:
            return None
        return Parcel(error=f"it needs {needed:.1f} GB, the largest worker has {largest:.1f}")
    except InputError as error:
        return Parcel(error=str(error))
    return pack(run.folder) if packed else Parcel(run.name)


def _in_own_precision(training: Training) -> Training:
    """Return a training in the arithmetic that this machine would choose, for it looks for the run."""
    from fer_nb.learning.precision import resolve_precision

    precision = resolve_precision(training.recipe.precision)
    return replace(training, recipe=training.recipe.replace(precision=precision))


def _checked(client: Client, runs: Path, workers: int | None) -> tuple[Place, list[Seen]]:
    """Return where runs are kept, and the workers, which are all like the client."""
    expected = computing_with()
    place = Place(runs.resolve(), _token(runs))
    try:
        client.run_on_scheduler(computing_with)  # it reads every task
        client.register_plugin(Member(expected, workers))
        seen = list(client.run(look, place=place, expected=expected).values())
    except Exception as error:
        raise InputError(f"the cluster cannot run this package: {_one_line(error)}") from None
    for one in seen:
        if one.wrong:
            raise InputError(f"worker {one.name} differs from this machine: {one.wrong}")
    return replace(place, send=not all(one.shared for one in seen)), seen


def ancestors(training: Training, trainings: Sequence[Training]) -> list[str]:
    """Return the identities of all that a training waits for, the first of them first."""
    by_identity = {other.identity: other for other in trainings}
    found: list[str] = []
    while training.waits_for:
        found.insert(0, training.waits_for)
        training = by_identity[training.waits_for]
    return found


def _result(future: Future) -> Parcel:
    """Return what a task gave, or an error in a line where it was given up."""
    if future.status == "finished":
        return future.result()
    if future.status == "error":
        return Parcel(error=_one_line(future.exception()))
    return Parcel(error="the scheduler went away")


def _one_line(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


def _sent(client: Client, faces: Faces) -> tuple[Future, dict[str, str]]:
    """Return faces on the cluster, sent unless a client has before, and their fingerprints."""
    expected = fingerprints(faces)
    name = f"faces-{hashlib.sha256(repr(expected).encode()).hexdigest()[:16]}"
    if name in client.list_datasets():
        return client.get_dataset(name), expected
    with warnings.catch_warnings():
        # In the task itself, and not scattered: so they outlive the worker that holds them.
        warnings.filterwarnings("ignore", "Sending large graph", UserWarning)
        future = client.submit(copy.copy, faces, key=name, retries=ATTEMPTS)
    client.publish_dataset(future, name=name, override=True)
    return future, expected


def _token(runs: Path) -> str:
    """Return what tells this folder of runs from every other, on any disk."""
    path = runs / "locks" / "disk"
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError), path.open("x", encoding="utf-8") as file:
        file.write(uuid.uuid4().hex)
    return path.read_text(encoding="utf-8")

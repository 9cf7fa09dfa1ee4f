"""Trains on a Dask cluster: a training is a task, and its run folder comes back whole or not at all.

Dask schedules, does again what a dead worker was doing, lets an arm wait for the one before it, and carries
data and runs. The weights that a CPU ends with depend on among how many threads TensorFlow splits an
operation, so every worker splits them as the client would alone, whatever it has; the rest is fixed anyway.
A worker that computes with something else than the client offers itself for no training.
"""

from __future__ import annotations

import hashlib
import logging
import os
import platform
import sys
import uuid
import warnings
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from distributed import Client, Future, Worker, WorkerPlugin, as_completed, get_worker

from fer_nb.commands.start import start_networks
from fer_nb.commands.trainings import Training, cores, path_lengths
from fer_nb.data.faces import Faces, fingerprints
from fer_nb.errors import InputError
from fer_nb.learning.parcels import Parcel, pack

THREADS, BACKEND = "TF_NUM_INTRAOP_THREADS", "KERAS_BACKEND"
PACKAGE = Path(__file__).resolve().parents[1]
PACKAGES = ("fer-nb", "keras", "tensorflow", "numpy")
ATTEMPTS = 3  # then a training whose workers died, or whose run came damaged, is given up
SECONDS = 20  # to wait for a scheduler, and for its first worker
ALONE = "fer_nb-training"  # a resource of which a worker has 1 and a training takes 1
MEMORY = "fer_nb-gigabytes"  # a resource of which a worker has its limit and a training takes its peak
GPU = "GPU"
CARDS = Path("/proc/driver/nvidia/gpus")
GPU_WORK = 1e15  # multiply-adds from which a training asks for a GPU: two hours of two CPU cores


@dataclass(frozen=True)
class Place:
    """Where the client keeps runs.

    Attributes:
        runs: The folder, as the client's machine names it.
        token: What its file `locks/disk` holds; a worker that reads the same there shares the disk.
        send: Whether runs are sent all the same, for workers that do not.
    """

    runs: Path
    token: str
    send: bool = False

    def shared(self) -> bool:
        """Return whether this process sees the client's folder."""
        with suppress(OSError):
            return (self.runs / "locks" / "disk").read_text(encoding="utf-8") == self.token
        return False


@dataclass(frozen=True)
class Seen:
    """A worker.

    Attributes:
        name: That it was given, or its address.
        shared: Whether it shares the client's disk.
        gpu: Whether it offers a GPU.
        memory: Its limit in GB, from which on Dask ends it.
        wrong: In what it differs from the client; "" for in nothing.
    """

    name: str
    shared: bool
    gpu: bool
    memory: float
    wrong: str


class Member(WorkerPlugin):
    """Makes a worker, also one that joins later, take one training at a time, if it is like the client.

    Those of this machine divide its cores and GPUs: each is bound to its cores, and still splits an operation
    among as many threads as the client would.

    Args:
        expected: What the client computes with.
        workers: How many share this machine; None for somebody's cluster.
    """

    name = "fer_nb"  # one for all clients: the last counts

    def __init__(self, expected: Mapping[str, str], workers: int | None) -> None:
        self.expected, self.workers = expected, workers

    async def setup(self, worker: Worker) -> None:
        """Offer the resources of which a training takes some."""
        if self.workers is not None:
            await worker.set_resources(**{GPU: _divide(int(worker.name), self.workers)})
        if not differing(self.expected, on_gpu=bool(worker.state.total_resources.get(GPU))):
            await worker.set_resources(**{ALONE: 1, MEMORY: _gigabytes(worker)})


def _divide(number: int, workers: int) -> int:
    """Leave to this process the cores and the GPU that are its share; return how many GPUs that is."""
    mine = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if len(mine) >= workers > 1:
        mine = mine[number * len(mine) // workers : (number + 1) * len(mine) // workers]
        for thread in Path("/proc/self/task").iterdir():
            os.sched_setaffinity(int(thread.name), mine)
    cards = os.environ.get("CUDA_VISIBLE_DEVICES", "")
    names = cards.split(",") if cards else [str(i) for i, _ in enumerate(CARDS.glob("*"))]
    if not names or names == ["-1"]:
        return 0
    os.environ["CUDA_VISIBLE_DEVICES"] = names[number] if number < len(names) else "-1"
    return int(number < len(names))


def _gigabytes(worker: Worker) -> float:
    return (worker.memory_manager.memory_limit or float("inf")) / 1e9


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


def computing_with() -> dict[str, str]:
    """Return what decides the result of a training here: versions, and variables of the backend."""
    sources = b"".join(path.read_bytes() for path in sorted(PACKAGE.rglob("*.py")))
    told = {name: version(name) for name in PACKAGES} | {"python": platform.python_version()}
    told["fer-nb"] += f" ({hashlib.sha256(sources).hexdigest()[:8]})"
    told[THREADS] = str(int(os.environ.get(THREADS) or 0) or cores())
    told[BACKEND] = os.environ.get(BACKEND) or "tensorflow"
    return told


def differing(expected: Mapping[str, str], *, on_gpu: bool) -> str:
    """Set the client's variables, unless a backend has read them; return in what this process differs."""
    if "keras" not in sys.modules:
        os.environ.update({name: expected[name] for name in (THREADS, BACKEND)})
    found = computing_with()
    names = [name for name in found if found[name] != expected[name] and not (on_gpu and name == THREADS)]
    return "; ".join(f"expected {name} {expected[name]}, found {found[name]}" for name in names)


def look(dask_worker: Worker, place: Place, expected: Mapping[str, str]) -> Seen:
    """Return what a worker is."""
    gpu = bool(dask_worker.state.total_resources.get(GPU))
    wrong = differing(expected, on_gpu=gpu)
    return Seen(str(dask_worker.name), place.shared(), gpu, _gigabytes(dask_worker), wrong)


def train_one(
    training: Training,
    faces: Faces,
    earlier: Sequence[Parcel],
    *,
    run: Callable[..., Any],
    expected: Mapping[str, str],
    place: Place,
    checkpoint_seconds: float,
) -> Parcel:
    """Train on this worker: the task.

    Args:
        training: What to train.
        faces: The client's, as they came.
        earlier: The runs that it goes on from.
        run: What trains, given the training, the faces and options of `find_or_train`.
        expected: The faces' fingerprints.
        place: Where the client keeps runs.
        checkpoint_seconds: Of `find_or_train`.

    Raises:
        RuntimeError: The data came damaged, and may not another time. An error of the training is returned.
    """
    worker = get_worker()
    name, shared = str(worker.name), place.shared()
    if fingerprints(faces) != expected:
        raise RuntimeError(f"worker {name}: the faces came damaged")
    runs = place.runs if shared else Path(worker.local_directory) / "runs"
    start_networks()
    for parcel in earlier:
        if parcel.error:
            return Parcel(error=parcel.error, worker=name)
        parcel.unpack(runs)
    try:
        ended = run(training, faces, runs=runs, progress="none", checkpoint_seconds=checkpoint_seconds)
    except Exception as error:
        if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
            raise  # another worker may have the room
        return Parcel(error=" ".join(str(error).split()) or type(error).__name__, worker=name)
    return Parcel(ended.name, name) if shared and not place.send else pack(ended.folder, name)


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
        asks_gpu = any(one.gpu for one in seen) and training.work >= GPU_WORK
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
        future = client.submit(_same, faces, key=name, retries=ATTEMPTS)
    client.publish_dataset(future, name=name, override=True)
    return future, expected


def _same(faces: Faces) -> Faces:
    return faces


def _token(runs: Path) -> str:
    """Return what tells this folder of runs from every other, on any disk."""
    path = runs / "locks" / "disk"
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError), path.open("x", encoding="utf-8") as file:
        file.write(uuid.uuid4().hex)
    return path.read_text(encoding="utf-8")

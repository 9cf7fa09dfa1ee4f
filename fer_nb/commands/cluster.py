"""Trains on a Dask cluster: a training is a task, and its run folder comes back whole or not at all.

Dask schedules, does again what a dead worker was doing, lets an arm wait for the one before it, and carries
data and runs. The weights that a CPU ends with depend on among how many threads TensorFlow splits an operation,
so every worker computes with as many as the client would alone, whatever it has; the rest is fixed anyway.
"""

import hashlib
import io
import logging
import os
import platform
import sys
import uuid
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from distributed import Client, Future, LocalCluster, Worker, WorkerPlugin, as_completed, get_worker

from fer_nb.commands.estimate import work
from fer_nb.commands.start import start_networks
from fer_nb.commands.trainings import Training
from fer_nb.data.faces import Faces, fingerprints
from fer_nb.errors import InputError

THREADS, BACKEND = "TF_NUM_INTRAOP_THREADS", "KERAS_BACKEND"
PACKAGE = Path(__file__).resolve().parents[1]
PACKAGES = ("fer-nb", "keras", "tensorflow", "numpy")
ATTEMPTS = 3  # then a training whose workers died, or whose run came damaged, is given up
SECONDS = 20  # to wait for a scheduler, and for its first worker
ALONE = "fer_nb-training"  # a resource of which a worker has 1 and a training takes 1
GPU = "GPU"
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
class Parcel:
    """What became of a training: a run, and its folder where it had to be sent; or an error.

    Attributes:
        name: Of the run; "" where there is none.
        worker: On which it ran.
        folder: The run folder as a ZIP file; None where it lies among the client's runs.
        checksum: SHA-256 of that file.
        error: Why there is no run, in a line.
    """

    name: str = ""
    worker: str = ""
    folder: bytes | None = None
    checksum: str = ""
    error: str = ""

    def unpack(self, runs: Path) -> bool:
        """Put the run below `runs`, unless it is there; return False where it came damaged."""
        from fer_nb.learning.runs import lock, writing

        if self.folder is None:
            return True
        if hashlib.sha256(self.folder).hexdigest() != self.checksum:
            return False
        with lock(runs, self.name):
            if not (runs / self.name).exists():
                with writing(runs, self.name) as folder, zipfile.ZipFile(io.BytesIO(self.folder)) as packed:
                    packed.extractall(folder)
        return True


def pack(folder: Path, worker: str = "") -> Parcel:
    """Return a run folder to be sent."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, path.name)
    packed = content.getvalue()
    return Parcel(folder.name, worker, packed, hashlib.sha256(packed).hexdigest())


class OneTraining(WorkerPlugin):
    """Lets a worker take one training at a time, also one that joins later or is started again."""

    async def setup(self, worker: Worker) -> None:
        """Offer the resource of which every training takes all."""
        await worker.set_resources(**{ALONE: 1})


@contextmanager
def connect(workers: int | None, scheduler: str | None) -> Iterator[Client]:
    """Give a client of a running scheduler, or of a cluster of so many processes on this machine.

    Raises:
        InputError: There is no scheduler at that address, or it has no worker.
    """
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is said by the commands
    local = LocalCluster(
        n_workers=workers, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
    ) if scheduler is None else None  # fmt: skip
    address = scheduler or local.scheduler_address
    try:
        client = Client(address, timeout=SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(f"--scheduler {address}: expected a running Dask scheduler ({error})") from None
    try:
        client.wait_for_workers(1, timeout=SECONDS)
        yield client
    except TimeoutError:
        raise InputError(f"--scheduler {address}: expected a worker or more, found none") from None
    finally:
        client.close()
        if local is not None:
            local.close()


def settings() -> dict[str, str]:
    """Return the variables that a worker's backend starts with: those of this process, spelled out."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    threads = int(os.environ.get(THREADS) or 0) or cores
    return {THREADS: str(threads), BACKEND: os.environ.get(BACKEND) or "tensorflow"}


def prepared(variables: Mapping[str, str], *, on_gpu: bool = False) -> dict[str, str]:
    """Set variables, unless a backend has read them already, and return what this process computes with."""
    if "keras" not in sys.modules:
        os.environ.update(variables)
    sources = b"".join(path.read_bytes() for path in sorted(PACKAGE.rglob("*.py")))
    told = {name: version(name) for name in PACKAGES} | {"python": platform.python_version()}
    told["fer-nb"] += f" ({hashlib.sha256(sources).hexdigest()[:8]})"
    used = {name: os.environ[name] for name in variables if not (on_gpu and name == THREADS)}
    return told | used


def differing(expected: Mapping[str, str], found: Mapping[str, str]) -> str:
    """Return in what a worker differs from the client, "" where in nothing."""
    names = [name for name in found if found[name] != expected[name]]
    return "; ".join(f"expected {name} {expected[name]}, found {found[name]}" for name in names)


def look(dask_worker: Worker, place: Place, variables: Mapping[str, str]) -> tuple[str, bool, bool, dict]:
    """Return a worker's name, whether it shares the client's disk, whether it has a GPU, and its versions."""
    on_gpu = bool(dask_worker.state.total_resources.get(GPU))
    return f"{dask_worker.name}", place.shared(), on_gpu, prepared(variables, on_gpu=on_gpu)


def train_one(
    training: Training,
    faces: Faces,
    earlier: Sequence[Parcel],
    *,
    expected: Mapping[str, str],
    place: Place,
    client: Mapping[str, str],
    variables: Mapping[str, str],
    checkpoint_seconds: float,
) -> Parcel:
    """Train on this worker: the task.

    Args:
        training: What to train.
        faces: The client's, as they came.
        earlier: The runs that it goes on from.
        expected: The faces' fingerprints.
        place: Where the client keeps runs.
        client: What the client computes with.
        variables: Of the environment.
        checkpoint_seconds: Of `find_or_train`.

    Raises:
        RuntimeError: What another worker may do better: this one is not like the client, or the data came
            damaged. An error of the training itself is returned.
    """
    worker = get_worker()
    name, shared, _, found = look(worker, place, variables)
    if wrong := differing(client, found):
        raise RuntimeError(f"worker {name}: {wrong}")
    if fingerprints(faces) != expected:
        raise RuntimeError(f"worker {name}: the faces came damaged")
    runs = place.runs if shared else Path(worker.local_directory) / "runs"
    start_networks()
    for parcel in earlier:
        if parcel.error:
            return Parcel(error=f"it waits for one that failed: {parcel.error}", worker=name)
        parcel.unpack(runs)
    try:
        run = training.run(faces, runs=runs, progress="none", checkpoint_seconds=checkpoint_seconds)
    except Exception as error:  # would come again on any worker
        return Parcel(error=" ".join(str(error).split()) or type(error).__name__, worker=name)
    return Parcel(run.name, name) if shared and not place.send else pack(run.folder, name)


def train_on(
    client: Client,
    trainings: Sequence[Training],
    faces: Mapping[str, Faces],
    found: Mapping[str, Path],
    *,
    runs: Path,
    checkpoint_seconds: float,
) -> Iterator[tuple[Training, Parcel]]:
    """Train on a cluster, and yield each training as it ends, its run lying below `runs`.

    Args:
        client: Of the cluster.
        trainings: All of them, each behind the one that it waits for.
        faces: What they read, by `Training.data_key`.
        found: The run folder of those that are there, by identity.
        runs: Folder of all runs.
        checkpoint_seconds: Of `find_or_train`.

    Raises:
        InputError: A worker has other versions than this process, or another number of threads.
    """
    variables = settings()
    own = prepared({}) | variables
    place = Place(runs.resolve(), _token(runs))
    seen = client.run(look, place=place, variables=variables).values()
    for name, *_, versions in seen:
        if wrong := differing(own, versions):
            raise InputError(f"worker {name} differs from this machine: {wrong}")
    place = Place(place.runs, place.token, send=not all(shared for _, shared, *_ in seen))
    on_gpu = any(gpu for *_, gpu, _ in seen)
    client.register_plugin(OneTraining())
    sent = {key: _sent(client, part) for key, part in faces.items()}
    lengths = path_lengths(trainings)
    done: dict[str, Any] = {}  # a future, or the run that was there
    asked: dict[str, tuple[Training, Any]] = {}
    attempts: dict[str, int] = {}

    def submit(training: Training) -> Future:
        number = attempts[training.identity] = attempts.get(training.identity, 0) + 1
        data, expected = sent[training.data_key]
        marks = (training.identity, expected, place, number)
        return client.submit(
            train_one, training, data, [done[before] for before in ancestors(training, trainings)],
            expected=expected, place=place, client=own, variables=variables,
            checkpoint_seconds=checkpoint_seconds,
            # The same task of two clients is one: Dask knows it by its key.
            key=f"{training.recipe.name}-{hashlib.sha256(repr(marks).encode()).hexdigest()[:16]}",
            resources={ALONE: 1} | ({GPU: 1} if on_gpu and work(training) >= GPU_WORK else {}),
            priority=lengths[training.identity], retries=ATTEMPTS,
        )  # fmt: skip

    for training in trainings:
        if training.identity in found:
            folder = found[training.identity]
            done[training.identity] = pack(folder) if place.send else Parcel(folder.name)
        else:
            done[training.identity] = future = submit(training)
            asked[future.key] = (training, future)
    ended = as_completed([future for _, future in asked.values()])
    try:
        for future in ended:
            training, _ = asked.pop(future.key)
            parcel = _result(future)
            if not parcel.unpack(runs):
                if attempts[training.identity] < ATTEMPTS:
                    again = submit(training)
                    asked[again.key] = (training, again)
                    ended.add(again)
                    continue
                parcel = Parcel(error=f"its run came damaged {ATTEMPTS} times", worker=parcel.worker)
            yield training, parcel
    finally:
        client.cancel([future for _, future in asked.values()])


def ancestors(training: Training, trainings: Sequence[Training]) -> list[str]:
    """Return the identities of all that a training waits for."""
    by_identity = {other.identity: other for other in trainings}
    found = []
    while training.waits_for:
        found.append(training.waits_for)
        training = by_identity[training.waits_for]
    return found


def path_lengths(trainings: Sequence[Training]) -> dict[str, float]:
    """Return the multiply-adds of each training and the longest chain behind it, by identity."""
    lengths: dict[str, float] = {}
    for training in reversed(trainings):
        own = work(training) + lengths.get(training.identity, 0.0)
        lengths[training.identity] = own
        if training.waits_for:
            lengths[training.waits_for] = max(lengths.get(training.waits_for, 0.0), own)
    return lengths


def _result(future: Future) -> Parcel:
    """Return what a task gave, or an error in a line where it was given up."""
    if future.status == "finished":
        return future.result()
    if future.status == "error":
        error = future.exception()
        return Parcel(error=" ".join(f"{type(error).__name__}: {error}".split()))
    return Parcel(error="the scheduler went away")


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

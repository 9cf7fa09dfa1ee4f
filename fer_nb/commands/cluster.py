"""Trains on a Dask cluster: a training is a task, and its run folder comes back whole or not at all.

Dask schedules, does again what a dead worker was doing, lets an arm wait for the one before it, and carries
data and runs. The weights that a CPU ends with depend on among how many threads TensorFlow splits an
operation, so every worker splits them as the client would alone, whatever it has; the rest is fixed anyway.
"""

import hashlib
import logging
import os
import platform
import sys
import uuid
import warnings
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from distributed import Client, Future, LocalCluster, Worker, WorkerPlugin, as_completed, get_worker

from fer_nb.commands.estimate import path_lengths, work
from fer_nb.commands.start import start_networks
from fer_nb.commands.trainings import Training
from fer_nb.data.faces import Faces, fingerprints
from fer_nb.errors import InputError
from fer_nb.learning.parcels import Parcel, pack

THREADS, BACKEND = "TF_NUM_INTRAOP_THREADS", "KERAS_BACKEND"
PACKAGE = Path(__file__).resolve().parents[1]
PACKAGES = ("fer-nb", "keras", "tensorflow", "numpy")
ATTEMPTS = 3  # then a training whose workers died, or whose run came damaged, is given up
SECONDS = 20  # to wait for a scheduler, and for its first worker
ALONE = "fer_nb-training"  # a resource of which a worker has 1 and a training takes 1
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


class Share(WorkerPlugin):
    """Lets a worker take one training at a time; those of this machine divide its cores and GPUs.

    It is bound to its cores, and still splits an operation among as many threads as the client would.

    Args:
        workers: How many share this machine; None for somebody's cluster.
    """

    def __init__(self, workers: int | None) -> None:
        self.workers = workers

    async def setup(self, worker: Worker) -> None:
        """Offer the resource of which every training takes all; also of a worker that joins later."""
        await worker.set_resources(**{ALONE: 1})
        if self.workers is None:
            return
        number = int(worker.name)
        cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
        if len(cores) >= self.workers > 1:
            mine = cores[number * len(cores) // self.workers : (number + 1) * len(cores) // self.workers]
            for thread in Path("/proc/self/task").iterdir():
                os.sched_setaffinity(int(thread.name), mine)
        cards = os.environ.get("CUDA_VISIBLE_DEVICES", "")
        names = cards.split(",") if cards else [str(i) for i, _ in enumerate(CARDS.glob("*"))]
        if names and names != ["-1"]:
            os.environ["CUDA_VISIBLE_DEVICES"] = names[number] if number < len(names) else "-1"
            await worker.set_resources(**{GPU: int(number < len(names))})


@contextmanager
def connect(workers: int | None, scheduler: str | None) -> Iterator[Client]:
    """Give a client of a running scheduler, or of a cluster of so many processes on this machine.

    Raises:
        InputError: There is no scheduler at that address, or it has no worker.
    """
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is said by the commands
    local = None
    if scheduler is None:
        local = LocalCluster(
            n_workers=workers, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
        )
    address = scheduler or local.scheduler_address  # type: ignore[union-attr]
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
    except Exception as error:
        if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
            raise  # another worker may have the room
        return Parcel(error=" ".join(str(error).split()) or type(error).__name__, worker=name)
    return Parcel(run.name, name) if shared and not place.send else pack(run.folder, name)


def train_on(
    client: Client,
    trainings: Sequence[Training],
    faces: Mapping[tuple[str, int], Faces],
    *,
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
        runs: Folder of all runs.
        workers: How many divide this machine; None for somebody's cluster.
        on_gpu: Whether who looks for the runs computes on a GPU, and would choose its arithmetic.
        checkpoint_seconds: Of `find_or_train`.

    Raises:
        InputError: A worker has other versions than this process, or another number of threads.
    """
    from fer_nb.learning.training import NotTrained

    place, variables, own, gpus = _checked(client, runs, workers)
    if not on_gpu:
        trainings = [_in_own_precision(training) for training in trainings]
    lengths = path_lengths(trainings)
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
        done[training.identity] = future = client.submit(
            train_one, training, data, [done[before] for before in ancestors(training, trainings)],
            expected=expected, place=place, client=own, variables=variables,
            checkpoint_seconds=checkpoint_seconds,
            # The same task of two clients is one: Dask knows it by its key.
            key=f"{training.recipe.name}-{hashlib.sha256(repr(marks).encode()).hexdigest()[:16]}",
            resources={ALONE: 1} | ({GPU: 1} if gpus and work(training) >= GPU_WORK else {}),
            priority=lengths[training.identity], retries=ATTEMPTS,
        )  # fmt: skip
        asked[future.key] = training
        ended.add(future)

    ended = as_completed(loop=client.loop)
    try:
        for training in trainings:
            try:
                run = training.run(faces[training.data_key], runs=runs, only_find=True)
            except NotTrained:
                submit(training)
            except InputError as error:
                done[training.identity] = Parcel(error=str(error))
                yield training, done[training.identity]
            else:
                done[training.identity] = pack(run.folder) if place.send else Parcel(run.name)
                yield training, Parcel(run.name)
        for future in ended:
            training = asked.pop(future.key)
            parcel = _result(future)
            if parcel.unpack(runs):
                yield training, parcel
            elif attempts[training.identity] < ATTEMPTS:
                submit(training)
            else:
                yield training, Parcel(error=f"its run came damaged {ATTEMPTS} times", worker=parcel.worker)
    finally:
        client.cancel([done[training.identity] for training in asked.values()])


def _in_own_precision(training: Training) -> Training:
    """Return a training in the arithmetic that this machine would choose, for it looks for the run."""
    from fer_nb.learning.precision import resolve_precision

    precision = resolve_precision(training.recipe.precision)
    return replace(training, recipe=training.recipe.replace(precision=precision))


def _checked(
    client: Client, runs: Path, workers: int | None
) -> tuple[Place, dict[str, str], dict[str, str], bool]:
    """Return where runs are kept, all variables and versions, and if there is a GPU, where all are alike."""
    variables = settings()
    own = prepared({}) | variables
    place = Place(runs.resolve(), _token(runs))
    client.register_plugin(Share(workers))
    seen = client.run(look, place=place, variables=variables, on_error="return")
    for address, answer in seen.items():
        if isinstance(answer, BaseException):
            raise InputError(f"worker {address} cannot run this package: {_one_line(answer)}")
        if wrong := differing(own, answer[3]):
            raise InputError(f"worker {answer[0]} differs from this machine: {wrong}")
    place = Place(place.runs, place.token, send=not all(shared for _, shared, *_ in seen.values()))
    gpus = any(gpu for *_, gpu, _ in seen.values())
    return place, variables, own, gpus


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

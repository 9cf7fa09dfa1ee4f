"""What a Dask worker does of the trainings: offers itself if it computes as the client does, and trains one.

The weights that a CPU ends with depend on among how many threads TensorFlow splits an operation, so every
worker splits them as the client would alone, whatever it has; the rest is fixed anyway.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from distributed import Worker, WorkerPlugin, get_worker

from fer_nb.commands.backend import start_networks
from fer_nb.data.faces import Faces, fingerprints
from fer_nb.learning.parcels import Parcel, pack

if TYPE_CHECKING:
    from fer_nb.commands.trainings import Training

THREADS, BACKEND = "TF_NUM_INTRAOP_THREADS", "KERAS_BACKEND"
PACKAGE = Path(__file__).resolve().parents[1]
PACKAGES = ("fer-nb", "keras", "tensorflow", "numpy")
ALONE = "fer_nb-training"  # a resource of which a worker has 1 and a training takes 1
MEMORY = "fer_nb-gigabytes"  # a resource of which a worker has its limit and a training takes its peak
GPU = "GPU"
CARDS = Path("/proc/driver/nvidia/gpus")


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
    cards = os.environ.get("CUDA_VISIBLE_DEVICES")  # empty, as -1, it hides them all
    names = [str(i) for i, _ in enumerate(CARDS.glob("*"))] if cards is None else cards.split(",")
    if not names or names in ([""], ["-1"]):
        return 0
    os.environ["CUDA_VISIBLE_DEVICES"] = names[number] if number < len(names) else "-1"
    return int(number < len(names))


def _gigabytes(worker: Worker) -> float:
    return (worker.memory_manager.memory_limit or float("inf")) / 1e9


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def computing_with() -> dict[str, str]:
    """Return what decides the result of a training here: versions, and variables of the backend."""
    files = [path for path in sorted(PACKAGE.rglob("*")) if path.suffix in (".py", ".yaml")]
    sources = b"".join(path.read_bytes() for path in files)
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

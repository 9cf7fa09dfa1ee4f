"""`python -m fer_nb train-all`: trains what the notebooks of a profile will ask for, here or on a cluster."""

import dataclasses
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fer_nb.commands.backend import start_networks
from fer_nb.commands.options import QUIET, several
from fer_nb.errors import InputError

if TYPE_CHECKING:
    from fer_nb.commands.trainings import Training
    from fer_nb.data.faces import Faces
    from fer_nb.learning.parcels import Parcel
    from fer_nb.learning.runs import Run

NOTEBOOKS = several(
    click.option("--profile", default="quick", metavar="NAME|FILE", help="In params/, or a file."),
    click.option(
        "--data",
        metavar="PATH",
        help="The data set for all notebooks; or `practice`, the embedded faces; by default "
        "the profile's, else what Kaggle or Colab has mounted.",
    ),
    click.option(
        "--set", "settings", multiple=True, metavar="KEY=VALUE", help="A parameter, over the profile."
    ),
    click.option(
        "--workers", type=click.IntRange(1), metavar="N", help="Train in N processes, the cores divided."
    ),
    click.option("--scheduler", metavar="ADDRESS", help="Train on a running Dask cluster: tcp://HOST:PORT."),
)
SECONDS = 20.0  # between two checkpoints
BAR = "{l_bar}{bar}| {elapsed}<{remaining} {postfix}"


@click.command("train-all")
@NOTEBOOKS
@click.option("--runs", type=click.Path(path_type=Path), help="Folder of the runs; the profile's by default.")
@QUIET
@click.pass_context
def train_all(
    ctx: click.Context, profile: str, *, data: str | None, settings: tuple[str, ...], **options: Any
) -> None:
    """Train all that the notebooks of --profile will ask for, or find it, the longest first.

    Without --workers and --scheduler one after another in this process. The results are the same, to the bit
    on the same kind of device. What fails is told at the end, and the exit status is then 1.

    Example: python -m fer_nb train-all --profile full --data fer2013.csv --scheduler tcp://10.0.0.7:8786
    """
    from fer_nb.commands.checks import check, data_for
    from fer_nb.report.build import read_parameters
    from fer_nb.report.profile import has_gpu
    from fer_nb.report.project import find_root

    data, changes = data_for(profile, data, settings)
    chosen = read_parameters(profile, data=data, settings=changes).complete
    check(chosen, use_gpu=options["workers"] is None and options["scheduler"] is None)
    ctx.exit(train_ahead(chosen, root=find_root(), on_gpu=has_gpu("python3"), **options))


def train_ahead(
    chosen: Mapping[str, Mapping[str, Any]],
    *,
    root: Path,
    runs: Path | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    quiet: bool = False,
    on_gpu: bool = False,
) -> int:
    """Train what notebooks will ask for, and tell each as it ends.

    Args:
        chosen: Notebook -> its parameters, defaults too.
        root: Of the project.
        runs: Folder of all runs; by default that of the parameters.
        workers: How many processes train side by side.
        scheduler: Address of a running cluster.
        quiet: Whether to show no bar.
        on_gpu: Whether the notebooks compute on a GPU: with what arithmetic, a cluster's worker decides then.

    Returns:
        0, or 1 where a training failed.

    Raises:
        InputError: The cluster cannot be used; nothing has been trained then.
        KeyboardInterrupt: After it is told what is left.
    """
    from tqdm import tqdm

    from fer_nb.commands.trainings import distinct, longest_first, planned_trainings
    from fer_nb.learning.runs import read_run

    trainings = longest_first(distinct(planned_trainings(chosen)))
    folders = [root / values["runs_folder"] for values in chosen.values() if "runs_folder" in values]
    runs = runs or (folders[0] if folders else root / "runs")
    train = _here
    if workers is not None or scheduler is not None:
        train = partial(_on_cluster, workers=workers, scheduler=scheduler, on_gpu=on_gpu)
    there = {path.name for path in runs.glob("*")}
    left = {training.identity: _name(training) for training in trainings}
    failed: dict[str, list[str]] = {}
    total = sum(training.work for training in trainings)
    with tqdm(total=total, disable=quiet or None, leave=False, bar_format=BAR) as bar:
        try:
            with closing(train(trainings, runs)) as endings:
                for training, parcel in endings:
                    name = left.pop(training.identity)
                    if parcel.error:
                        failed.setdefault(parcel.error, []).append(name)
                    else:
                        facts = read_run(runs / parcel.name).facts
                        where = "found" if parcel.name in there else parcel.worker
                        tqdm.write(", ".join(filter(None, (f"{name}: {_result(facts)}", where))))
                    bar.set_postfix_str(f"{len(trainings) - len(left)} of {len(trainings)}", refresh=False)
                    bar.update(min(training.work, total - bar.n))
        except KeyboardInterrupt:
            waiting = "; ".join(left.values())
            click.echo(f"\n{len(left)} of {len(trainings)} trainings are left: {waiting}", err=True)
            raise
    for error, names in failed.items():
        click.echo(f"failed: {'; '.join(names)}: {error}", err=True)
    return int(bool(failed))


def _name(training: "Training") -> str:
    return f"{training.notebook[:2]} {training.label}, seed {training.seed}"


def _result(facts: Mapping[str, Any]) -> str:
    """Return what a training reached, and in how long."""
    accuracy = facts["metrics"]["validation"]["all"]["accuracy"]
    return f"{accuracy:.1%} on validation, {facts['seconds']:.0f} s"


Endings = Generator[tuple["Training", "Parcel"], None, None]


def run_training(training: "Training", faces: "Faces", **options: Any) -> "Run":
    """Train what a notebook asks for, or find the run that already did.

    Args:
        training: What to train.
        faces: What `read_data` returns for it.
        **options: `runs`, `progress`, `only_find` and `checkpoint_seconds` of `find_or_train`.
    """
    import numpy as np

    from fer_nb.data.faces import SIZE
    from fer_nb.data.subsets import take_training
    from fer_nb.learning.own_networks import find_own
    from fer_nb.learning.recipes import RECIPES
    from fer_nb.learning.semi.self_training import Arms
    from fer_nb.learning.semi.splitting import labelled_split
    from fer_nb.learning.training.train import find_or_train

    if training.recipe.architecture not in RECIPES:  # a worker has not read own_networks.py
        find_own(training.recipe.architecture)
    for count in training.subsets:
        faces = take_training(faces, count, seed=training.data_seed)
    if training.shuffled is not None:
        order = np.random.default_rng(training.shuffled).permutation(SIZE * SIZE)
        images = faces.images.reshape(-1, SIZE * SIZE)[:, order].reshape(faces.images.shape)
        faces = dataclasses.replace(faces, images=images)
    if training.protocol is None:
        return find_or_train(training.recipe, faces, seed=training.seed, **options)
    shown, held_out, _ = labelled_split(faces, training.protocol, training.recipe, seed=training.data_seed)
    return Arms(training.protocol, training.recipe, shown, held_out, seed=training.seed, **options).run(
        training.arm
    )


def _here(trainings: Sequence["Training"], runs: Path) -> Endings:
    """Train one after another in this process."""
    from fer_nb.commands.trainings import read_data
    from fer_nb.learning.parcels import Parcel

    start_networks()
    faces = read_data(trainings)
    ended: dict[str, Parcel] = {}
    for training in trainings:
        parcel = ended.get(training.waits_for, Parcel())  # whose error would be this training's, too
        if not parcel.error:
            try:
                run = run_training(training, faces[training.data_key], runs=runs, progress="none")
                parcel = Parcel(run.name)
            except InputError as error:
                parcel = Parcel(error=str(error))
        ended[training.identity] = parcel
        yield training, parcel


def _on_cluster(
    trainings: Sequence["Training"], runs: Path, *, workers: int | None, scheduler: str | None, on_gpu: bool
) -> Endings:
    """Train on a cluster.

    Raises:
        InputError: Both are given, or Dask is not installed.
    """
    if workers is not None and scheduler is not None:
        raise InputError("expected --workers or --scheduler, found both")
    try:
        from fer_nb.commands import cluster
    except ImportError:
        raise InputError('--workers and --scheduler need Dask: pip install ".[cluster]"') from None

    from fer_nb.commands.trainings import read_data

    start_networks(use_gpu=False)
    options: Any = {"runs": runs, "workers": workers, "on_gpu": on_gpu, "checkpoint_seconds": SECONDS}
    with cluster.connect(workers, scheduler) as client:
        yield from cluster.train_on(client, trainings, read_data(trainings), run=run_training, **options)

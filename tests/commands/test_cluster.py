"""Trainings on a Dask cluster: a real scheduler and real workers, which are processes of their own."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest

from fer_nb import commands
from fer_nb.commands import train_all
from fer_nb.errors import InputError

pytest.importorskip("distributed")
pytestmark = pytest.mark.slow

PARAMETERS = {
    "07": {
        "data": "practice:140", "seed": 1, "runs_folder": "runs", "semi_recipes": ["practice_dnn"],
        "semi_protocols": ["report_c"], "semi_labels": 0.5, "semi_epochs": 2, "semi_more_epochs": 0,
        "semi_threshold": 0.0, "semi_unlabelled_ratio": 0, "semi_repeats": 1, "semi_shares": [],
    },
    "01": {"data": "practice:140", "seed": 1, "x_recipes": ["practice_dnn"], "x_epochs": 1, "x_repeats": 2},
}  # fmt: skip
ONE = {"01": PARAMETERS["01"] | {"x_repeats": 1}}
TWO = {"01": PARAMETERS["01"]}
LONG = {"01": ONE["01"] | {"x_epochs": 60}}
ANOTHER_LONG = {"01": LONG["01"] | {"seed": 2}}


def start(*words, cwd, **variables):
    """Start a program of Dask; its standard error tells its address."""
    environment = os.environ | {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "3"} | variables
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *words], cwd=cwd, env=environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def stop(process):
    """End a program and what it started."""
    for_all = process.poll() is None
    if for_all:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    process.stderr.close()


@contextmanager
def scheduler(folder, workers=1, **variables):
    """Give the address of a scheduler with so many workers, and these."""
    processes = [start("scheduler", "--port", "0", "--no-dashboard", "--host", "127.0.0.1", cwd=folder)]
    try:
        address = next(
            found.group() for line in processes[0].stderr if (found := re.search(r"tcp://[\d.]+:\d+", line))
        )
        for number in range(workers):
            processes.append(worker(address, folder / f"worker-{number}", name=str(number), **variables))
        yield address, processes
    finally:
        for process in reversed(processes):
            stop(process)


def worker(address, folder, *, name, **variables):
    folder.mkdir()
    options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--name", name, "--local-directory", folder)
    return start("worker", address, *map(str, options), cwd=folder, **variables)


def train(parameters, folder, **options):
    return train_all.train_ahead(parameters, root=folder, quiet=True, **options)


def metrics(runs):
    """What every run below a folder reached, and its logits."""
    from fer_nb.learning.runs import list_runs

    return {run.name: (run.facts["metrics"], run.logits("validation").tobytes()) for run in list_runs(runs)}


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """What the trainings reach one after another in this process."""
    folder = tmp_path_factory.mktemp("alone")
    assert train(PARAMETERS, folder) == 0
    return metrics(folder / "runs")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """The address of a scheduler with two workers, and their folder."""
    folder = tmp_path_factory.mktemp("cluster")
    with scheduler(folder, workers=2) as (address, _):
        yield address, folder


@contextmanager
def beside(call):
    """Call something beside the test, and give the list in which its answer then stands."""
    answers = []
    thread = threading.Thread(target=lambda: answers.append(call()))
    thread.start()
    try:
        yield answers
    finally:
        thread.join(timeout=100)


def wait_for_checkpoint(folder):
    while not list(folder.glob("runs/*.partial/checkpoint.npz")):
        time.sleep(0.005)


def test_two_local_workers_reach_the_same_metrics_and_logits_as_this_process_alone(alone, tmp_path, capsys):
    assert train(TWO, tmp_path, workers=2) == 0
    found = metrics(tmp_path / "runs")
    assert len(found) == 2
    assert found.items() <= alone.items()
    lines = re.findall(
        r"01 practice_dnn, seed \d: [\d.]+% on validation, \d+ s, [01]\n", capsys.readouterr().out
    )
    assert len(lines) == 2


def test_workers_that_do_not_share_the_disk_send_whole_runs(alone, cluster, tmp_path, monkeypatch, capsys):
    from fer_nb.commands import cluster as room

    address, folder = cluster
    monkeypatch.setattr(room, "_token", lambda runs: "what no worker finds on its own disk")
    assert train(PARAMETERS, tmp_path, scheduler=address) == 0
    assert metrics(tmp_path / "runs") == alone
    assert len(alone) == 5
    assert {path.parent.name for path in folder.glob("worker-*/**/runs/*/run.json")} == set(alone)
    capsys.readouterr()
    assert train(PARAMETERS, tmp_path, scheduler=address) == 0  # found, on no worker
    assert len(re.findall(r"on validation, \d+ s, found\n", capsys.readouterr().out)) == 5


def test_two_clients_at_once_train_each_run_once(cluster, tmp_path, capsys):
    def call():
        return train(ONE, tmp_path, scheduler=cluster[0])

    with beside(call) as other:
        assert call() == 0
    assert other == [0]
    first, second = capsys.readouterr().out.splitlines()
    assert first.split(", ")[:3] == second.split(", ")[:3]
    assert len(list(tmp_path.glob("runs/*/run.json"))) == 1


def test_a_recipe_that_fails_is_told_in_one_line_and_the_others_are_trained(
    cluster, tmp_path, capsys, monkeypatch
):
    from fer_nb.commands import trainings
    from fer_nb.learning.recipes import get_recipe

    good = trainings.planned_trainings(ONE)
    early = good[0].recipe.replace(architecture="none")
    late = get_recipe("pyramid_dnn").replace(
        epochs=4, optimizer="sgd_nesterov", learning_rate=100.0, normalization="none", batch_size=16
    )
    bad = [replace(good[0], label=name, recipe=one) for name, one in (("early", early), ("late", late))]
    monkeypatch.setattr(trainings, "planned_trainings", lambda parameters: bad + good)
    assert train(ONE, tmp_path, scheduler=cluster[0]) == 1
    out, err = capsys.readouterr()
    assert re.fullmatch(r"01 practice_dnn, seed 1: .*\n", out)
    early, late = err.splitlines()  # before it is sent, and on a worker
    assert re.fullmatch(r"failed: 01 early, seed 1: unknown network 'none': .*", early)
    assert re.fullmatch(r"failed: 01 late, seed 1: recipe .* diverged in epoch .*", late)


def test_a_worker_with_another_version_is_refused_before_anything_is_trained(cluster, tmp_path, monkeypatch):
    from fer_nb.commands import cluster as room

    found = room.computing_with()
    monkeypatch.setattr(room, "computing_with", lambda: found | {"keras": "2.0"})
    with pytest.raises(InputError, match=r"worker \d differs from this machine: expected keras 2\.0, found"):
        train(ONE, tmp_path, scheduler=cluster[0])
    assert not list(tmp_path.glob("runs/*-*"))


def test_a_scheduler_that_is_not_there_or_has_no_worker_is_refused(tmp_path, monkeypatch):
    from fer_nb.commands import cluster as room

    monkeypatch.setattr(room, "SECONDS", 1)
    with pytest.raises(InputError, match=r"tcp://127\.0\.0\.1:9: expected a running Dask scheduler"):
        train(ONE, tmp_path, scheduler="tcp://127.0.0.1:9")
    with (
        scheduler(tmp_path, workers=0) as (address, _),
        pytest.raises(InputError, match="expected a worker or more, found none"),
    ):
        train(ONE, tmp_path, scheduler=address)


def test_a_killed_worker_costs_time_alone_and_a_scheduler_that_goes_away_ends_with_a_line_and_status_1(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(train_all, "SECONDS", 0.0)  # between checkpoints
    assert train(LONG, tmp_path / "whole") == 0
    with scheduler(tmp_path) as (address, processes):
        with beside(lambda: train(LONG, tmp_path / "killed", scheduler=address)) as answer:
            wait_for_checkpoint(tmp_path / "killed")
            stop(processes.pop())
            assert not list(tmp_path.glob("killed/runs/*/run.json"))
            processes.append(worker(address, tmp_path / "another", name="another"))
        assert answer == [0]
        assert capsys.readouterr().out.endswith(", another\n")
        assert metrics(tmp_path / "killed" / "runs") == metrics(tmp_path / "whole" / "runs")
        with beside(lambda: train(ANOTHER_LONG, tmp_path, scheduler=address)) as answer:
            wait_for_checkpoint(tmp_path)
            stop(processes[0])
        assert answer == [1]
        assert capsys.readouterr().err == "failed: 01 practice_dnn, seed 2: the scheduler went away\n"


def test_ctrl_c_keeps_what_is_finished_and_says_what_is_left(cluster, tmp_path, capsys):
    plan = {"01": TWO["01"], "02": LONG["01"] | {"x_repeats": 3}}

    def interrupt():
        while len(list(tmp_path.glob("runs/*/run.json"))) < 2:
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt), beside(interrupt):
        train(plan, tmp_path, scheduler=cluster[0])
    told = re.search(r"\n(\d) of 5 trainings are left: (.*)\n", capsys.readouterr().err)
    assert len(told[2].split("; ")) == int(told[1])
    assert len(list(tmp_path.glob("runs/*/run.json"))) + int(told[1]) >= 5


def test_a_training_that_no_worker_has_the_memory_for_is_told_and_not_tried(
    cluster, tmp_path, capsys, monkeypatch
):
    from fer_nb.commands import trainings

    (one,) = trainings.planned_trainings(ONE)
    large = replace(one, recipe=one.recipe.replace(peak_memory=1e6))
    monkeypatch.setattr(trainings, "planned_trainings", lambda parameters: [large])
    assert train(ONE, tmp_path, scheduler=cluster[0]) == 1
    assert re.fullmatch(
        r"failed: 01 practice_dnn, seed 1: it needs 1000000\.0 GB, the largest worker has [\d.]+\n",
        capsys.readouterr().err,
    )


def test_a_worker_without_the_package_is_refused_in_a_line(tmp_path):
    (tmp_path / "fer_nb").mkdir()
    (tmp_path / "fer_nb" / "__init__.py").write_text("raise ImportError('not installed')")
    with (
        scheduler(tmp_path, PYTHONPATH=str(tmp_path)) as (address, _),
        pytest.raises(InputError, match="the cluster cannot run this package: ImportError: not installed"),
    ):
        train(ONE, tmp_path, scheduler=address)


def test_without_dask_a_line_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "fer_nb.commands.cluster", raising=False)
    monkeypatch.delattr(commands, "cluster", raising=False)
    with pytest.raises(InputError, match=r'need Dask: pip install "\.\[cluster\]"'):
        next(train_all._on_cluster([], tmp_path, workers=2, scheduler=None, on_gpu=False))


def test_a_damaged_parcel_is_no_run_and_a_whole_one_is_unpacked_once(tmp_path):
    from fer_nb.learning.parcels import Parcel, pack

    run = tmp_path / "there" / "a-run"
    run.mkdir(parents=True)
    (run / "run.json").write_text("{}")
    parcel = pack(run, "worker")
    damaged = Parcel(parcel.name, "worker", parcel.folder[:-1] + b"x", parcel.checksum)
    assert not damaged.unpack(tmp_path / "here")
    assert not (tmp_path / "here" / "a-run").exists()
    assert parcel.unpack(tmp_path / "here")
    assert parcel.unpack(tmp_path / "here")
    assert [path.name for path in (tmp_path / "here" / "a-run").iterdir()] == ["run.json"]

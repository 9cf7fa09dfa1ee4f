"""Cases of models and runs: networks of somebody else, and run folders as copying and disks leave them."""

import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

from campaign.data import EDITS, edited
from campaign.kit import Kit
from campaign.processes import Command, FaultError, in_fork

INPUTS = st.sampled_from([(48, 48, 1), (48, 48, 1), (48, 48, 3), (1, 48, 48), (2304,), (None, None, 1), (7,)])
NETWORKS = st.fixed_dictionaries(
    {
        "input": INPUTS,
        "outputs": st.sampled_from([7, 7, 7, 6, 1, 1000]),
        "end": st.sampled_from(["linear", "softmax", "layer", "nested", "sigmoid", "two", "map", "integers"]),
        "kind": st.sampled_from(["functional", "sequential", "unbuilt", "dense", "lambda", "custom", "half"]),
        "suffix": st.sampled_from([".keras", ".h5", ".keras", ".hdf5"]),
    }
)
FILES = ("run.json", "model.keras", "logits.npz", "history.csv", "checkpoint.npz")
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 10**20),
    st.floats(),
    st.text(max_size=20),
    st.just([]),
    st.just({}),
)
DAMAGES = st.one_of(
    st.tuples(st.sampled_from(["missing", "empty", "other run", "folder", "unreadable"]), st.just(None)),
    st.tuples(st.just("edits"), EDITS),
    st.tuples(st.just("json"), st.recursive(VALUES, lambda inner: st.lists(inner, max_size=3), max_leaves=5)),
    st.tuples(st.just("key"), st.tuples(st.integers(0, 40), st.one_of(st.just("gone"), VALUES))),
    st.tuples(st.just("deep"), st.sampled_from([500, 50_000])),
)
COMMANDS = st.sampled_from(
    ["list", "list", "show", "show", "predict", "evaluate", "history", "remove", "train"]
)
MARKER = "code-has-run"
CASES = st.one_of(
    st.tuples(st.just("network"), NETWORKS, st.one_of(st.just([]), EDITS)),
    st.tuples(st.just("archive"), st.sampled_from(["zip", "text", "empty", "npz", "config", "h5"]), EDITS),
    st.tuples(st.just("run"), st.tuples(st.sampled_from(FILES), DAMAGES), COMMANDS),
    st.tuples(st.just("run"), st.tuples(st.sampled_from(FILES), DAMAGES), st.sampled_from(["list", "show"])),
    st.tuples(
        st.just("list"), st.lists(st.text("0123456789.-e# \t/a\n無", max_size=20), max_size=4), st.just([])
    ),
)


def check(case: Any, folder: Path, kit: Kit) -> str:
    """Answer with a network, or look at runs of which one is damaged; return "right" or "refused".

    Raises:
        FaultError: It ended in another way.
    """
    kind, what, more = case
    if kind == "run":
        return _check_run(*what, more, folder, kit)
    path = folder / "a.keras"
    expected: list[int] | None = None
    if kind == "network":
        path = folder / f"a{what['suffix']}"
        in_fork(lambda: _save(what, path, kit))
        answers = folder / "expected.json"
        expected = json.loads(answers.read_text()) if answers.exists() else None
        if not path.exists():
            return "right"  # Keras itself writes no such network
        path.write_bytes(edited(path.read_bytes(), more))
    elif kind == "archive":
        path.write_bytes(edited(_archive(what, kit), more))
    else:
        path = folder / "list.txt"
        path.write_text("\n".join(what), encoding="utf-8")
    out = folder / "answers.csv"
    options = [
        "--data",
        str(kit.faces),
        "--out",
        str(out),
        "--runs",
        str(folder / "runs"),
        "--no-cache",
        "--quiet",
    ]
    outcome = Command(["predict", str(path), *options], folder).run().outcome()
    if (folder / MARKER).exists():
        raise FaultError("runs code from a file")
    if outcome == "refused":
        if out.exists():
            raise FaultError("refuses, and writes answers")
        if kind == "network" and not more and expected is not None:
            raise FaultError("refuses a network that answers")
        return outcome
    if kind != "network":
        raise FaultError("answers with what is no network")
    if expected is None:
        raise FaultError("answers with a network that does not fit")
    if not more and expected and _labels(out) != expected:
        raise FaultError("answers otherwise than Keras")
    return outcome


def _labels(path: Path) -> list[int]:
    return [int(line.split(",")[1]) for line in path.read_text(encoding="utf-8").splitlines()[1:]]


def _save(what: dict[str, Any], path: Path, kit: Kit) -> None:
    """Write a network; and what it answers beside it, where it fits: in the plainest way, by Keras alone."""
    import keras

    keras.utils.set_random_seed(0)
    layers = keras.layers
    start = keras.Input(what["input"], name="image")
    x = layers.Flatten()(start) if None not in what["input"] else layers.GlobalAveragePooling2D()(start)
    if what["kind"] == "lambda":
        marker = str(path.parent / MARKER)
        x = layers.Lambda(lambda values: (open(marker, "w").close(), values)[1])(x)  # noqa: PTH123
    elif what["kind"] == "custom":

        class Own(layers.Layer):
            def call(self, values: Any) -> Any:
                return values

        x = Own()(x)
    dtype = "float16" if what["kind"] == "half" else "float32"
    end = what["end"]
    activation = end if end in ("softmax", "sigmoid") else "linear"
    last = layers.Dense(what["outputs"], activation=activation, dtype=dtype, name="last")
    if what["kind"] == "dense":
        last.build((None, 7))
        keras.saving.save_model(last, path) if path.suffix == ".keras" else None
        return
    if what["kind"] == "unbuilt":
        network = keras.Sequential([layers.Flatten(), last])
    elif what["kind"] == "sequential" and end in ("linear", "softmax", "sigmoid"):
        network = keras.Sequential([start, layers.Flatten() if None not in what["input"] else
                                    layers.GlobalAveragePooling2D(), last])  # fmt: skip
    else:
        y = last(x)
        if end == "layer":
            y = layers.Softmax()(y)
        elif end == "nested":
            inner = keras.Input((what["outputs"],))
            y = keras.Model(inner, layers.Softmax()(inner))(y)
        elif end == "map":
            y = layers.Reshape((1, what["outputs"]))(y)
        elif end == "integers":
            y = keras.ops.cast(y, "int32")
        network = keras.Model(start, [y, y] if end == "two" else y)
    try:
        network.save(path)
    except Exception:
        path.unlink(missing_ok=True)
        return
    fits = what["input"] == (48, 48, 1) and what["outputs"] == 7 and end not in ("two", "map", "integers")
    if fits and what["kind"] not in ("unbuilt", "lambda", "custom", "half"):
        with np.load(kit.faces) as stored:
            images = np.concatenate([stored["images"][stored["usage"] == usage] for usage in (1, 2)])
        answers = np.asarray(network(images[..., None].astype(np.float32))).argmax(axis=1)
        (path.parent / "expected.json").write_text(json.dumps(answers.tolist()), encoding="utf-8")
    elif what["kind"] == "half" and fits:
        (path.parent / "expected.json").write_text(
            "[]", encoding="utf-8"
        )  # what rounding answers is no fault
    (path.parent / MARKER).unlink(missing_ok=True)


def _archive(what: str, kit: Kit) -> bytes:
    model = (kit.runs / kit.names[0] / "model.keras").read_bytes()
    if what == "npz":
        return (kit.runs / kit.names[0] / "logits.npz").read_bytes()
    if what in ("zip", "config"):
        buffer = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(model)) as source, zipfile.ZipFile(buffer, "w") as archive:
            for name in source.namelist():
                if what == "config" and name == "config.json":
                    prank = {"module": "os", "class_name": "system", "config": {"command": f"touch {MARKER}"}}
                    archive.writestr(name, json.dumps(prank))
                else:
                    archive.writestr(name if what == "config" else f"a/{name}", source.read(name))
        return buffer.getvalue()
    return {"text": b"1 \n", "empty": b"", "h5": b"\x89HDF\r\n\x1a\n" + bytes(500)}[what]


def _check_run(name: str, damage: tuple[str, Any], command: str, folder: Path, kit: Kit) -> str:
    runs = folder / "runs"
    shutil.copytree(kit.runs, runs, ignore=shutil.ignore_patterns("locks", "cache"))
    hurt, other = kit.names
    changed = _damaged(runs / hurt / name, runs / other / name, damage)
    options = ["--data", str(kit.faces), "--runs", str(runs), "--quiet"]
    arguments = {
        "list": ["runs", "list", "--json", "--runs", str(runs)],
        "show": ["runs", "show", hurt, "--json", "--runs", str(runs)],
        "remove": ["runs", "remove", other, "--yes", "--runs", str(runs)],
        "history": ["plot", str(runs / hurt), "--kind", "history", "--out", str(folder / "out.png")],
        "predict": ["predict", hurt, "--out", str(folder / "out.csv"), "--no-cache", *options],
        "evaluate": ["evaluate", hurt, "--json", *options],
        "train": ["train", "practice_cnn", "--epochs", "4", "--json", *options],
    }
    if command == "train":
        shutil.rmtree(runs / other)
        (runs / hurt).rename(runs / "kept")
        (runs / "kept").rename(runs / hurt)
    ended = Command(arguments[command], folder, held_back=damage[0] == "unreadable").run()
    outcome = ended.outcome()
    if command == "list":
        if outcome != "right":
            raise FaultError(f"one bad run hides the others: {ended.error!r}")
        listed = {row["name"] for row in json.loads(ended.out)}
        if other not in listed:
            raise FaultError(f"one bad run hides the other: {ended.out!r}")
        is_run = (runs / hurt / "run.json").exists()
        if is_run and hurt not in listed and hurt not in ended.error:
            raise FaultError(f"leaves a run out silently: {ended.error!r}")
    elif command == "remove":
        if outcome != "right" or (runs / other).exists():
            raise FaultError(f"one bad run keeps the other from being removed: {ended.error!r}")
    elif outcome == "right" and command == "predict" and changed and name == "model.keras":
        raise FaultError("answers with a network that this run's training did not write")
    elif outcome == "right" and command == "history" and changed and name == "history.csv":
        raise FaultError("draws a history that this run's training did not write")
    return outcome


def _damaged(path: Path, other: Path, damage: tuple[str, Any]) -> bool:
    """Damage a file of a run; return whether its content has changed."""
    kind, how = damage
    before = path.read_bytes()
    if kind in ("missing", "folder"):
        path.unlink()
        if kind == "folder":
            path.mkdir()
        return True
    if kind == "empty":
        path.write_bytes(b"")
    elif kind == "other run":
        shutil.copy(other, path)
    elif kind == "unreadable":
        path.chmod(0)
        return True
    elif kind == "edits":
        path.write_bytes(edited(before, how))
    elif path.name == "run.json":
        facts = json.loads(before)
        if kind == "key":
            key = list(facts)[how[0] % len(facts)]
            facts = {name: value for name, value in facts.items() if name != key}
            facts |= {} if how[1] == "gone" else {key: how[1]}
        text = "[" * how if kind == "deep" else json.dumps(how if kind == "json" else facts)
        path.write_text(text, encoding="utf-8")
    return path.read_bytes() != before

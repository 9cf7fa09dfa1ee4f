"""A few rows of noise, and what writes them in every shape in which people hold FER2013."""

import io
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from fer_nb.data.faces import USAGES, Faces, numbered
from fer_nb.data.formats import pack
from fer_nb.language import EMOTIONS

Write = Callable[[str, Faces, Path], Path]
SHARDS = {"Training": "train", "PublicTest": "public_test", "PrivateTest": "private_test"}


@pytest.fixture
def faces() -> Faces:
    """Seven different images: 4 Training, 2 PublicTest, 1 PrivateTest."""
    usage = np.array([0, 0, 0, 0, 1, 1, 2], np.uint8)
    images = np.random.default_rng(0).integers(0, 256, (7, 48, 48), dtype=np.uint8)
    return Faces(images, np.arange(7, dtype=np.int8), usage, numbered(usage), source="noise")


@pytest.fixture
def write() -> Write:
    """`write(shape, faces, folder)` writes faces in one of the shapes and returns what a user would name."""
    return _write


@pytest.fixture(scope="session")
def real_parquet() -> Path:
    if "FER_NB_DATA" not in os.environ:
        pytest.skip("FER_NB_DATA names no fer2013.parquet")
    return Path(os.environ["FER_NB_DATA"]).resolve()


def _write(shape: str, faces: Faces, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return _WRITERS[shape](faces, folder)


def _text(image: np.ndarray) -> str:
    return " ".join(map(str, image.ravel().tolist()))


def _png(image: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG")
    return buffer.getvalue()


def _rows(faces: Faces) -> list[tuple[np.ndarray, int, str]]:
    return [
        (image, int(label), USAGES[code])
        for image, label, code in zip(faces.images, faces.labels, faces.usage, strict=True)
    ]


def _csv(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return path


def _course(faces: Faces, folder: Path) -> Path:
    rows = _rows(faces)
    train = [f"{label},{_text(image)}" for image, label, usage in rows if usage == "Training"]
    tests = [(image, label) for image, label, usage in rows if usage != "Training"]
    _csv(folder / "train.csv", ["label,feature", *train])
    _csv(folder / "test.csv", ["id,feature", *(f"{k},{_text(image)}" for k, (image, _) in enumerate(tests))])
    _csv(folder / "test_labels.csv", ["id,label", *(f"{k},{label}" for k, (_, label) in enumerate(tests))])
    return folder


def _kaggle(faces: Faces, folder: Path) -> Path:
    lines = [f"{label},{_text(image)},{usage}" for image, label, usage in _rows(faces)]
    return _csv(folder / "fer2013.csv", ["emotion,pixels,Usage", *lines])


def _icml(faces: Faces, folder: Path) -> Path:
    lines = [f"{label},{usage},{_text(image)}" for image, label, usage in _rows(faces)]
    return _csv(folder / "icml_face_data.csv", ["emotion, Usage, pixels", *lines])


def _folder(faces: Faces, folder: Path) -> Path:
    for row, (image, label, usage) in enumerate(_rows(faces)):
        split = "train" if usage == "Training" else "test"
        below = folder / split / EMOTIONS[label].en
        below.mkdir(parents=True, exist_ok=True)
        (below / f"{usage}_{row}.png").write_bytes(_png(image))
    return folder


def _parquet(faces: Faces, folder: Path) -> Path:
    rows = _rows(faces)
    table = {
        "emotion": pa.array([label for _, label, _ in rows], pa.int8()),
        "usage": pa.array([usage for *_, usage in rows]).dictionary_encode(),
        "image_id": pa.array(range(len(rows)), pa.int32()),
        "image": pa.array([_png(image) for image, *_ in rows], pa.binary()),
    }
    pq.write_table(pa.table(table), folder / "faces.parquet")
    return folder / "faces.parquet"


def _hugging_face(faces: Faces, folder: Path) -> Path:
    for usage, name in SHARDS.items():
        rows = _rows(faces.of(usage))
        table = {
            "image": [{"bytes": _png(image), "path": f"{k}.png"} for k, (image, *_) in enumerate(rows)],
            "label": pa.array([label for _, label, _ in rows], pa.int64()),
        }
        pq.write_table(pa.table(table), folder / f"{name}-00000-of-00001.parquet")
    return folder


def _npz(faces: Faces, folder: Path) -> Path:
    pack(faces, folder / "faces.npz")
    return folder / "faces.npz"


_WRITERS: dict[str, Callable[[Faces, Path], Path]] = {
    "course": _course,
    "kaggle": _kaggle,
    "icml": _icml,
    "folder": _folder,
    "parquet": _parquet,
    "hf": _hugging_face,
    "npz": _npz,
}

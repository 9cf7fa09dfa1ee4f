"""What the names of files and folders tell: the split, the class, and what a bar says while they are read."""

import re
from pathlib import Path
from typing import Any

from tqdm.auto import tqdm

from fer_nb.errors import InputError, printable, unknown_name
from fer_nb.language import EMOTIONS

_SPLIT_WORDS = {
    "Training": ("train", "training"),
    "PublicTest": ("public", "publictest", "val", "valid", "validation", "dev"),
    "PrivateTest": ("private", "privatetest"),
}
_TEST_WORDS = ("test", "testing")
_SILENT_WORDS = ("fer", "of")
_OTHER_WORDS = ("anger", "disgusted", "fearful", "happiness", "sadness", "surprised", "neutral")
_CLASSES = {
    word: label
    for label, (emotion, other) in enumerate(zip(EMOTIONS, _OTHER_WORDS, strict=True))
    for word in (emotion.en, other, str(label))
}


def split_of(name: str) -> str | None:
    """Return the usage that the name of a file (without suffix) or folder tells, None where it tells none.

    "train", "public_test", "PrivateTest", "fer2013-validation" and "train-00000-of-00002" tell one; a name
    with any other word in it ("my_private_data") tells none. A plain "val" is PublicTest and a plain "test"
    PrivateTest, after the contest of FER2013: teams chose their networks on the one, the other decided.
    """
    words = [word for word in re.findall("[a-z]+", name.lower()) if word not in _SILENT_WORDS]
    splits = {usage for word in words for usage, known in _SPLIT_WORDS.items() if word in known}
    understood = all(
        word in _TEST_WORDS or any(word in known for known in _SPLIT_WORDS.values()) for word in words
    )
    if not words or not understood or len(splits) > 1:
        return None
    return splits.pop() if splits else "PrivateTest"


def split_of_image(name: str) -> str | None:
    """Return the usage that an image's file name begins with ("PublicTest_123.jpg"), or None."""
    usage = name.split("_", 1)[0]
    return usage if usage in _SPLIT_WORDS and usage != name else None


def class_of(name: str) -> int | None:
    """Return the label of a class by English name or number ("Happy", "happiness", "3"), or None."""
    return _CLASSES.get(name.strip().lower())


def unknown_class(kind: str, name: str) -> InputError:
    """Return the error for the name of a class that does not exist."""
    return unknown_name(kind, name, [emotion.en for emotion in EMOTIONS])


def reading_bar(path: Path, quiet: bool, **how: Any) -> tqdm:
    """Return the bar that counts what is read of a file or folder; `how` is passed on to tqdm."""
    return tqdm(desc=f"reading {printable(path.name)}", disable=quiet or None, leave=False, **how)

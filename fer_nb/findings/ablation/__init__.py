"""What the notebook on normalization and augmentation compares, lists and says."""

from pathlib import Path

from fer_nb.findings import TEXTS as SHARED
from fer_nb.language import read_texts

TEXTS = read_texts(Path(__file__).with_name("texts.yaml"), beside=SHARED)

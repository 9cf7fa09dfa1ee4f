"""What the notebooks say and list of their numbers: what several share, and a folder for a subject."""

from pathlib import Path

from fer_nb.language import GLOSSARY, read_texts

TEXTS = read_texts(Path(__file__).with_name("texts.yaml"), beside=GLOSSARY)
"""What several subjects say, by key: Python decides and gives numbers, the words stand in `texts.yaml`."""

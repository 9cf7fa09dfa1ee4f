"""What the notebooks say and list of their numbers: what several share, and a folder for a subject."""

from pathlib import Path

from fer_nb.language import GLOSSARY, read_texts

TEXTS = GLOSSARY | read_texts(Path(__file__).with_name("texts.yaml"))
"""What several subjects say, by key: Python decides and gives numbers, the words stand in `texts.yaml`."""

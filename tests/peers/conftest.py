import pytest
from peers import CASES, LARGEST


@pytest.fixture(scope="module", autouse=True)
def _table():
    """Print the largest differences when the last comparison of a file is made; `-s` shows them."""
    LARGEST.clear()
    yield
    rows = [f"| {name} | {peer} | {gap:.0e} |" for name, (peer, gap) in LARGEST.items()]
    head = [f"| number ({CASES} random cases) | peer | largest difference |", "| --- | --- | --- |"]
    print("\n".join(["", *head, *rows]))

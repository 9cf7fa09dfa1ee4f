"""What the notebook on errors says, lists and compares; the evaluation itself is in `analysis`."""

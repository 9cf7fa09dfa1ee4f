"""What is fast and what is not, measured side by side on the machine at hand: `nox -s bench`."""

"""`python -m fer_nb`: the command line."""

from fer_nb.commands import main

if __name__ == "__main__":
    main(prog_name="python -m fer_nb")

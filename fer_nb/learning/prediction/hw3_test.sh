#!/usr/bin/env bash
# Usage: hw3_test.sh <test.csv> <prediction file> <public|private>
set -euo pipefail
usage="usage: hw3_test.sh <test.csv> <prediction file> <public|private>"
[ $# -eq 3 ] || { echo "$usage" >&2; exit 2; }
case "$3" in public | private) ;; *) echo "$usage" >&2; exit 2 ;; esac
here="$(cd "$(dirname "$0")" && pwd)"
export PYTHONPATH="$here${PYTHONPATH:+:$PYTHONPATH}" KERAS_BACKEND=@BACKEND@
"${PYTHON:-python3}" -m fer_nb predict "$here/$3.txt" --data "$1" --out "$2" \
  --tta @TTA@ --combine @COMBINE@ --no-cache --force

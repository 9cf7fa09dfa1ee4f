#!/usr/bin/env bash
# Usage: hw3_train.sh <train.csv>
# Trains the networks again, each by its own recipe and seed, into runs/ beside this script.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: hw3_train.sh <train.csv>" >&2; exit 2; }
here="$(cd "$(dirname "$0")" && pwd)"
export PYTHONPATH="$here${PYTHONPATH:+:$PYTHONPATH}" KERAS_BACKEND=@BACKEND@
for run in "$here"/weights/*/; do
  "${PYTHON:-python3}" -m fer_nb train "$run" --data "$1" --runs "$here/runs"
done

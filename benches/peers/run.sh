#!/usr/bin/env bash
# One schedule of 360 monthly equal instalments (200000.00 at 5.99 %, from 31 January 2024, actual
# days over 365), made by QuantLib through its Python wheel, by loanjs through Node, and by this
# library, one after the other in rounds, so that a disturbance of the machine meets all of them.
#
# Installs both peers into a folder of its own, which is removed at the end; needs python3, npm and
# cargo. Prints a table: medians of the rounds, and each peer over ours.
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m venv "$folder/python"
"$folder/python/bin/pip" install --quiet --disable-pip-version-check "QuantLib==1.44"
npm install --silent --no-audit --no-fund --prefix "$folder/node" "loanjs@1.1.2" >/dev/null
cargo build --quiet --release -p lending-benches --bin one_schedule
target=$(cargo metadata --format-version 1 --no-deps | "$folder/python/bin/python" -c \
    'import json, sys; print(json.load(sys.stdin)["target_directory"])')

for round in $(seq "${ROUNDS:-7}"); do
    echo "round $round of ${ROUNDS:-7}" >&2
    "$target/release/one_schedule"
    "$folder/python/bin/python" quantlib_schedule.py
    NODE_PATH="$folder/node/node_modules" node loanjs_schedule.js
done | "$folder/python/bin/python" table.py

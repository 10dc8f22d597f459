#!/usr/bin/env bash
# Every property test with fresh cases, TIMES times as many as in the suite.
# Usage: bash ci/soak.sh [TIMES] [arguments of cargo test, e.g. -p lending-core]
set -euo pipefail
cd "$(dirname "$0")/.."
export LAW_TIMES=${1:-20}
shift || true
export PROPTEST_RNG_SEED=$((RANDOM << 30 | RANDOM << 15 | RANDOM))
echo "PROPTEST_RNG_SEED=$PROPTEST_RNG_SEED LAW_TIMES=$LAW_TIMES"
[ $# -gt 0 ] || set -- --workspace
exec cargo test --locked --no-fail-fast "$@"

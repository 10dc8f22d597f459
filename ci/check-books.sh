#!/usr/bin/env bash
# The lender's books, read by other accounting programs: all of them must find every entry balanced
# and the balances that the store kept, to the last minor unit.
#
# Usage: bash ci/check-books.sh [FOLDER]
# FOLDER is a data folder that `lender run` has brought into FOLDER/lender.sqlite; without it the
# example folder is run in a temporary place. LENDER names a lender program to use.
#
# ledger and hledger are used where they are installed (Debian: apt-get install ledger hledger),
# beancount where it is installed or pip can put it under target/. What is missing is said to be
# skipped. Exit code 1 when a program disagrees; BOOKS_REQUIRE=1 makes a skipped one fail as well.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C.UTF-8

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
lender() {
    if [ -n "${LENDER:-}" ]; then "$LENDER" "$@"; else
        cargo run --release --locked --quiet -p lending-examples --bin lender -- "$@"
    fi
}

folder=${1:-}
if [ -z "$folder" ]; then
    folder=$work/data
    cp -r examples/data/kampala "$folder"
    rm -f "$folder"/lender.sqlite*
    lender run "$folder" --quiet >/dev/null
fi
for format in ledger beancount balances; do
    lender export "$folder" --format "$format" >"$work/books.$format"
done
sort "$work/books.balances" >"$work/expected"
# An empty export would agree with anything.
entries=$(grep -c '^[0-9-]* \*' "$work/books.beancount")
test "$entries" -gt 0
echo "$entries entries, $(wc -l <"$work/expected") balances"

failed=0
compare() { # NAME: its balances are in $work/found, each GL code, amount, currency
    if diff "$work/expected" <(sort "$work/found") >"$work/difference"; then
        echo "$1: balanced, the same balances"
    else
        echo "$1: DIFFERS (<: the store, >: $1)"
        cat "$work/difference"
        failed=1
    fi
}
skip() {
    echo "$1: skipped, $2"
    if [ -n "${BOOKS_REQUIRE:-}" ]; then failed=1; fi
}
refused() {
    echo "$1: REFUSES the books"
    tail -n 20 "$work/complaint"
    failed=1
}
currencies=$(cut -d' ' -f3 "$work/expected" | sort -u)

if ! command -v ledger >/dev/null 2>&1; then
    skip ledger "not installed"
elif ! ledger --args-only --file "$work/books.ledger" --pedantic --explicit source \
        >"$work/complaint" 2>&1; then
    refused ledger
else
    for currency in $currencies; do
        ledger --args-only --file "$work/books.ledger" balance --flat --no-total \
            --limit "commodity == '$currency'" \
            --balance-format '%(account) %(scrub(display_total))\n' | sed 's/^[^ ]*://'
    done >"$work/found"
    compare ledger
fi

if ! command -v hledger >/dev/null 2>&1; then
    skip hledger "not installed"
elif ! hledger --file "$work/books.ledger" check --strict >"$work/complaint" 2>&1; then
    refused hledger
else
    for currency in $currencies; do
        hledger --file "$work/books.ledger" balance --flat --no-total --output-format csv \
            "cur:$currency" | sed -n 's/^"[^"]*:\([^":]*\)","\([^"]*\)"$/\1 \2/p'
    done >"$work/found"
    compare hledger
fi

# Installed, or from PyPI into a place of its own.
beancount_python() {
    for python in python3 target/beancount/bin/python; do
        if "$python" -c 'import beancount.loader' >/dev/null 2>&1; then
            echo "$python"
            return
        fi
    done
    if python3 -m venv target/beancount >/dev/null 2>&1 &&
        timeout 300 target/beancount/bin/pip install --quiet --retries 1 --timeout 15 \
            beancount==3.2.3 >/dev/null 2>&1; then
        echo target/beancount/bin/python
    fi
}
python=$(beancount_python)
if [ -z "$python" ]; then
    skip beancount "not installed, and pip cannot fetch it"
elif ! "$python" -m beancount.scripts.check --no-cache "$work/books.beancount" \
        >"$work/complaint" 2>&1; then
    refused beancount
else
    "$python" - "$work/books.beancount" >"$work/found" <<'PYTHON'
import collections, sys
from beancount import loader
from beancount.core import data
entries, errors, _ = loader.load_file(sys.argv[1])
assert not errors, errors
sums = collections.defaultdict(int)
for entry in entries:
    if isinstance(entry, data.Transaction):
        for posting in entry.postings:
            sums[posting.account.rsplit(":", 1)[-1], posting.units.currency] += posting.units.number
for (account, currency), amount in sums.items():
    if amount:
        print(account, amount, currency)
PYTHON
    compare beancount
fi
exit $failed

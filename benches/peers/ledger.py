#!/usr/bin/env python3
"""The same transactions read, balanced and summed by ledger, hledger, beancount and this library.

Usage: python3 benches/peers/ledger.py [COUNT]     (500,000 two-leg transactions without it)

Every program gets the whole text and must find the same 1,000 balances, or this ends with exit
code 1. ledger and hledger are used where they are installed (Debian: apt-get install ledger
hledger), beancount where python3 or the program named by PYTHON_BEANCOUNT can import it (PyPI: beancount).
LEDGER_BOOKS names our program where it is built already. Prints a table
and which programs were skipped. Wall time moves with the load of the machine, CPU time hardly.
"""

import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 500_000
ROOT = Path(__file__).resolve().parents[2]
BEANCOUNT = """
import collections, sys
from beancount import loader
from beancount.core import data
entries, errors, _ = loader.load_file(sys.argv[1])
assert not errors, errors[:3]
sums = collections.defaultdict(int)
for entry in entries:
    if isinstance(entry, data.Transaction):
        for posting in entry.postings:
            sums[posting.account] += posting.units.number
for account, amount in sums.items():
    print(account, amount)
"""


def run(command, out):
    """Runs a command; gives wall seconds, user and system seconds, and peak memory in bytes."""
    begun = time.monotonic()
    environment = dict(os.environ, BEANCOUNT_DISABLE_LOAD_CACHE="1", LC_ALL="C.UTF-8")
    with open(out, "w") as target:
        child = subprocess.Popen(command, stdout=target, env=environment)
        _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{command[0]} failed with {child.returncode}")
    return time.monotonic() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def cents(amount):
    return int((Decimal(amount.replace(",", "")) * 100).to_integral_exact())


def of_words(path):
    """Lines of an account and an amount, the currency left out or behind it."""
    lines = (line.split() for line in open(path) if line.strip())
    return {words[0].split(":")[-1]: cents(words[1]) for words in lines}


def of_csv(path):
    rows = list(csv.reader(open(path)))[1:]
    return {account.split(":")[-1]: cents(amount.split()[0]) for account, amount in rows}


def of_cents(path):
    return {account: int(amount) for account, amount in map(str.split, open(path))}


def python_with_beancount():
    for python in filter(None, [os.environ.get("PYTHON_BEANCOUNT"), sys.executable, "python3"]):
        if subprocess.run([python, "-c", "import beancount.loader"], capture_output=True).returncode == 0:
            return python
    return None


def main():
    ours = os.environ.get("LEDGER_BOOKS") or built()
    with tempfile.TemporaryDirectory() as folder:
        compare(ours, folder)


def built():
    build = ["cargo", "build", "--release", "--quiet", "-p", "lending-benches", "--bin", "ledger_books"]
    subprocess.run(build, cwd=ROOT, check=True)
    metadata = ["cargo", "metadata", "--format-version", "1", "--no-deps"]
    metadata = subprocess.run(metadata, cwd=ROOT, check=True, capture_output=True).stdout
    return str(Path(json.loads(metadata)["target_directory"]) / "release" / "ledger_books")


def compare(ours, folder):
    subprocess.run([ours, "write", folder, str(COUNT)], check=True)
    expected = {k: v for k, v in of_cents(f"{folder}/balances").items() if v}
    ledger_file, bean_file = f"{folder}/books.ledger", f"{folder}/books.beancount"
    python = python_with_beancount()
    peers = [
        ("this library, CSV", [ours, "read", folder], of_cents),
        ("this library, CSV, Merkle log", [ours, "read", folder, "evidence"], of_cents),
        ("ledger", shutil.which("ledger") and [
            "ledger", "--args-only", "-f", ledger_file, "balance", "--flat", "--no-total",
            "--balance-format", "%(account) %(quantity(scrub(display_total)))\n"], of_words),
        ("hledger", shutil.which("hledger") and [
            "hledger", "-f", ledger_file, "balance", "--flat", "--no-total", "-O", "csv"], of_csv),
        ("beancount", python and [python, "-c", BEANCOUNT, bean_file], of_words),
    ]
    print(f"{COUNT:,} transactions, {2 * COUNT:,} postings; load average {os.getloadavg()[0]:.1f}\n")
    print("| program | wall | CPU | peak memory | postings a CPU second |")
    print("|---|---:|---:|---:|---:|")
    for words in (["memory"], ["memory", "evidence"]):
        command = [ours, words[0], str(COUNT), *words[1:]]
        seconds = float(subprocess.run(command, check=True, capture_output=True).stdout)
        name = "this library, from memory" + (", Merkle log" if words[1:] else "")
        print(f"| {name} | {seconds:.2f} s | | | {2 * COUNT / seconds:,.0f} a second |", flush=True)
    wrong, skipped = [], []
    for name, command, read in peers:
        if not command:
            skipped.append(name)
            continue
        wall, cpu, memory = run(command, f"{folder}/out")
        found = {account: value for account, value in read(f"{folder}/out").items() if value}
        if found != expected:
            wrong.append(name)
        print(f"| {name} | {wall:.2f} s | {cpu:.2f} s | {memory / 2**20:,.0f} MiB | {2 * COUNT / cpu:,.0f} |", flush=True)
    print(f"\nAll found the same {len(expected):,} balances." if not wrong else f"\nDIFFER: {wrong}")
    for name in skipped:
        print(f"Skipped, not installed: {name}.")
    sys.exit(1 if wrong else 0)


main()

"""Reads `name nanoseconds` lines of several rounds; prints medians and ratios."""

import statistics
import sys

figures = {}
for line in sys.stdin:
    name, nanoseconds = line.split()
    figures.setdefault(name, []).append(float(nanoseconds))
ours = statistics.median(figures["ours"])
print("| 360 rows | median | over ours |\n|---|---:|---:|")
for name, rounds in figures.items():
    median = statistics.median(rounds)
    print(f"| {name} | {median / 1000:.2f}us | {median / ours:.1f} |")

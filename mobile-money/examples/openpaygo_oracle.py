#!/usr/bin/env python3
"""1,000 random OpenPAYGO tokens, compared with the PyPI client `openpaygo` in both directions.

pip install openpaygo==0.6.3
cargo build -p mobile-money --example openpaygo_token
python3 mobile-money/examples/openpaygo_oracle.py target/debug/examples/openpaygo_token
"""

import random
import subprocess
import sys

from openpaygo.token_encode import OpenPAYGOTokenEncoder
from openpaygo.token_shared import TokenType

SEED = 20240611
random.seed(SEED)
lines, expected = [], []
for _ in range(1000):
    key = "%032x" % random.getrandbits(128)
    start = random.randrange(1, 10**9)
    count = random.randrange(0, 400)
    extended = random.random() < 0.3
    restricted = random.random() < 0.4
    value = random.randrange(0, 1_000_000 if extended else 996)
    kind = random.choice(["add", "set"])
    flags = ("r" if restricted else "") + ("x" if extended else "") + "-"
    new_count, token = OpenPAYGOTokenEncoder.generate_token(
        key,
        count,
        value,
        TokenType.ADD_TIME if kind == "add" else TokenType.SET_TIME,
        start,
        restricted_digit_set=restricted,
        extended_token=extended,
    )
    lines.append(f"encode {key} {start} {count} {kind} {value} {flags}")
    expected.append(f"{token} {new_count}")
    lines.append(f"decode {key} {start} {count} {token} {flags}")
    expected.append(f"{kind} {value} {new_count}")

run = subprocess.run([sys.argv[1]], input="\n".join(lines), capture_output=True, text=True, check=True)
got = run.stdout.splitlines()
wrong = [(l, e, g) for l, e, g in zip(lines, expected, got) if e != g]
for line, want, have in wrong[:10]:
    print(f"{line}: expected {want}, got {have}")
print(f"{len(got)} answers, {len(wrong)} differ (seed {SEED})")
sys.exit(bool(wrong) or len(got) != len(lines))

#!/usr/bin/env python3
"""1,000 random OpenPAYGO tokens, compared with the client `openpaygo` of PyPI in both directions.

    python3 mobile-money/peers/openpaygo.py [NUMBER [SEED]]

Installs the client into a temporary folder and builds the example `openpaygo_token`. Checked for
every token: theirs and ours are the same digits and the same count; our receiver reads theirs;
their decoder reads ours. Exit code 0 when nothing differs.
"""

import pathlib
import random
import subprocess
import sys
import tempfile

CLIENT = "openpaygo==0.6.3"
ROOT = pathlib.Path(__file__).resolve().parents[2]


def install(folder):
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*command, "--target", folder, CLIENT], check=True)
    sys.path.insert(0, folder)


def ours(lines):
    command = ["cargo", "run", "--quiet", "-p", "mobile-money", "--example", "openpaygo_token"]
    run = subprocess.run(
        command, cwd=ROOT, input="\n".join(lines), capture_output=True, text=True, check=True
    )
    return run.stdout.splitlines()


def draw(rng):
    extended = rng.random() < 0.3
    return {
        "key": "%032x" % rng.getrandbits(128),
        "start": rng.randrange(1, 10**9),
        "count": rng.randrange(0, 400),
        "extended": extended,
        "restricted": rng.random() < 0.4,
        "value": rng.randrange(0, 1_000_000 if extended else 996),
        "kind": rng.choice(["add", "set"]),
    }


def main(number, seed):
    from openpaygo.token_decode import OpenPAYGOTokenDecoder
    from openpaygo.token_encode import OpenPAYGOTokenEncoder
    from openpaygo.token_shared import TokenType

    types = {"add": TokenType.ADD_TIME, "set": TokenType.SET_TIME}
    rng = random.Random(seed)
    cases = [draw(rng) for _ in range(number)]
    lines, expected = [], []
    for case in cases:
        flags = ("r" if case["restricted"] else "") + ("x" if case["extended"] else "") + "-"
        count, token = OpenPAYGOTokenEncoder.generate_token(
            case["key"],
            case["count"],
            case["value"],
            types[case["kind"]],
            case["start"],
            restricted_digit_set=case["restricted"],
            extended_token=case["extended"],
        )
        device = f"{case['key']} {case['start']} {case['count']}"
        lines.append(f"encode {device} {case['kind']} {case['value']} {flags}")
        expected.append(f"{token} {count}")
        lines.append(f"decode {device} {token} {flags}")
        expected.append(f"{case['kind']} {case['value']} {count}")
    got = ours(lines)
    wrong = [f"{l}: expected {e}, got {g}" for l, e, g in zip(lines, expected, got) if e != g]
    read = 0
    for case, line in zip(cases, got[::2]):
        token = line.split()[0]
        value, kind, count, _ = OpenPAYGOTokenDecoder.decode_token(
            token,
            case["key"],
            case["count"],
            used_counts=[],
            starting_code=case["start"],
            restricted_digit_set=case["restricted"],
        )
        read += 1
        if (value, kind) != (case["value"], types[case["kind"]]):
            wrong.append(f"{token} of {case}: their decoder says {value} {kind} {count}")
    for text in wrong[:10]:
        print(text)
    print(
        f"{number} tokens (seed {seed}): {len(got)} answers of ours, {read} read by {CLIENT}, "
        f"{len(wrong)} differ"
    )
    return bool(wrong) or len(got) != len(lines)


if __name__ == "__main__":
    arguments = [int(text) for text in sys.argv[1:]]
    with tempfile.TemporaryDirectory() as folder:
        install(folder)
        sys.exit(main(*(arguments + [1000, 20240611][len(arguments) :])))

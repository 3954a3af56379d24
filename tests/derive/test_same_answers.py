"""The same claim gets the same answer in every process: nothing hangs on the order of a set."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

CLAIMS = Path(__file__).parent / "claims"
JUDGE = """
import json, sys
sys.path[:0] = [sys.argv[1], sys.argv[1] + "/.."]
from corpus import FILES, entries
from random_claims import claims
from random_ranges import claims as ranges
from test_near_misses import MEANT, OFFERED, SLIPS
from derive.claims import check

def told(latex, given):
    verdict = check(latex, given)
    found = verdict.json()
    for part in (found, *found.get("links", ())):
        del part["seconds"]
    return found | {"by": repr(verdict.theorem and verdict.theorem.steps)}

asked = [(e.latex, e.given) for name in FILES for e in entries(name)]
asked += [(claim, given) for claim, given, _ in (*MEANT, *OFFERED)]
asked += [(claim, given) for claim, *given in SLIPS]
for make in (claims, ranges):
    asked += [(c.latex, getattr(c, "given", ())) for t in (True, False) for c in make(3, 60, t)]
every = int(sys.argv[2])
print(json.dumps([told(latex, list(given)) for latex, given in asked[int(sys.argv[3]) :: every]]))
"""


def answers(seed: int, every: int, first: int) -> list[dict[str, object]]:
    done = subprocess.run(
        [sys.executable, "-c", JUDGE, str(CLAIMS), str(every), str(first)],
        env={"PYTHONHASHSEED": str(seed)},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def compare(seeds: tuple[int, int], every: int, first: int) -> None:
    one, other = (answers(seed, every, first) for seed in seeds)
    assert len(one) > 20
    for left, right in zip(one, other, strict=True):
        assert left == right


def test_a_part_of_the_corpus() -> None:
    compare((1, 2), every=30, first=26)


@pytest.mark.soak
@pytest.mark.parametrize("part", range(4))
def test_half_of_the_corpus(part: int) -> None:
    compare((2 * part, 2 * part + 1), every=8, first=2 * part)

"""400 random claims through `derive check --batch`, in one process: seconds, memory, verdicts.

    python benchmarks/claims.py [seed]

The peer is `import sympy` in a process of its own: what anything built on SymPy has to wait for.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests/derive/claims"))
from random_claims import claims

COUNT = 400


def timed(*command: str) -> tuple[float, str]:
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return time.perf_counter() - start, done.stdout


def main(seed: int) -> None:
    labelled = [(t, c) for t in (True, False) for c in claims(seed + t, COUNT // 2, true=t)]
    batch = [{"id": k, "latex": c.latex} for k, (_, c) in enumerate(labelled)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "claims.json"
        file.write_text(json.dumps(batch))
        peer, _ = timed(sys.executable, "-c", "import sympy")
        took, out = timed(sys.executable, "-m", "derive", "check", "--batch", str(file), "--json")
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    found = json.loads(out)
    print(f"{COUNT} claims: {took:.1f} s, {took / peer:.0f} times `import sympy`, {memory:.0f} MB")
    slow = sorted(found, key=lambda v: -v["seconds"])
    print("slowest:", *(f"{v['seconds']:.2f} s" for v in slow[:5]))
    for truth in (True, False):
        verdicts = [v for v, (t, _) in zip(found, labelled, strict=True) if t == truth]
        print(f"{truth!s:5}", dict(Counter(v["verdict"] for v in verdicts)))
        if not truth:
            print("      with a near miss:", sum(v["near_miss"] is not None for v in verdicts))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)

"""Makes `pieces` (the terms these tests speak of) importable."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

"""Makes this folder importable for its tests (`corpus` and `random_claims`)."""

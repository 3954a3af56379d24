"""Makes this folder importable for the tests below it (`printable` holds shared terms)."""

"""Finds proofs: untrusted, since the kernel checks each step."""

"""Integrals: by parts, by substitution, over intervals and half-lines."""

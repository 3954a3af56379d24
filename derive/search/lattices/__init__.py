"""Sums over Z^n and R^n by their lattices: canonical variables, cosets, residues."""

"""Floors, remainders, circles and quotients of integers."""

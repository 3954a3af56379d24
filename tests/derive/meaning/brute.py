"""A second, naive reading of terms on Z: substitution-free, sums over a big window."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from derive.syntax import (
    Abs,
    Add,
    And,
    App,
    Div,
    Divides,
    Floor,
    Iverson,
    Lam,
    Max,
    Mul,
    Not,
    Num,
    Or,
    Pow,
    Rel,
    Sum,
    Var,
)


def brute(t, env, window):
    """The value, with every sum over all of Z cut to [-window, window]."""

    def go(t):
        return brute(t, env, window)

    match t:
        case Num(value):
            return int(value) if value.denominator == 1 else value
        case Var():
            return env[t]
        case Add(parts):
            return sum(go(p) for p in parts)
        case Mul(parts):
            out = 1
            for p in parts:
                out *= go(p)
                if not out:
                    break
            return out
        case Pow(base, n):
            return go(base) ** n
        case Div(num, den):
            bottom = go(den)
            return Fraction(go(num)) / bottom if bottom else 0
        case Floor(num, den):
            bottom = go(den)
            return (Fraction(go(num)) / bottom).__floor__() if bottom else 0
        case Max(a, b):
            return max(go(a), go(b))
        case Abs(a):
            return abs(go(a))
        case Iverson(cond):
            return 1 if truth(cond, env, window) else 0
        case App(Lam(params, body), args):
            bound = {p: go(a) for p, a in zip(params, args, strict=True)}
            return brute(body, {**env, **bound}, window)
        case App(fn, args):
            return env[fn].get(tuple(int(go(a)) for a in args), 0)
        case Sum(var, bounds, body):
            lo, hi = (go(b) for b in bounds) if bounds else (-window, window)
            total, k = 0, int(lo)
            while k <= hi:
                total += brute(body, {**env, var: k}, window)
                k += 1
            return total
    raise TypeError(t)


def truth(c, env, window):
    match c:
        case Rel(op, a, b):
            x, y = brute(a, env, window), brute(b, env, window)
            return {"=": x == y, "<=": x <= y, "<": x < y}[op]
        case Divides(d, m):
            x, y = brute(d, env, window), brute(m, env, window)
            return y == 0 if x == 0 else y % x == 0
        case And(parts):
            return all(truth(p, env, window) for p in parts)
        case Or(parts):
            return any(truth(p, env, window) for p in parts)
        case Not(p):
            return not truth(p, env, window)
    raise TypeError(c)


def runs_away(forms, count):
    """Whether some v != 0 makes all linear forms vanish (coefficients at most 2, count <= 2)."""
    return any(
        any(v) and all(sum(c * x for c, x in zip(f, v, strict=True)) == 0 for f in forms)
        for v in product(range(-2, 3), repeat=count)
    )

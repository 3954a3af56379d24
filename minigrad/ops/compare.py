"""Comparisons, element by element: tensors of bools, which have no gradient."""

import operator

from minigrad.tensor import lift, record


def comparison(relation):
    """The method that compares a tensor with a tensor, array or number by `relation`."""

    def compare(a, b):
        try:
            b = lift(b, a)
        except (TypeError, ValueError):
            return NotImplemented  # so that `tensor == None` is False, and `<` a TypeError
        return record(relation.__name__, relation(a.data, b.data))

    compare.__doc__ = f"Where the relation `{relation.__name__}` holds."
    return compare


lt, le = comparison(operator.lt), comparison(operator.le)
gt, ge = comparison(operator.gt), comparison(operator.ge)
eq, ne = comparison(operator.eq), comparison(operator.ne)

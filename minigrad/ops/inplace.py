"""The in-place operators += -= *= /=.

While gradients are recorded `y += x` gives `y` a new tensor, so that nothing recorded is lost;
otherwise it changes the tensor that `y` names, which is what an optimiser's step wants.
"""

from minigrad.modes import recording


def in_place(operation):
    """The method for `tensor op= other`."""

    def assign(self, other):
        if recording.get() and self.requires_grad and self.is_leaf:
            raise ValueError(
                f"{operation.__name__}: this leaf requires a gradient, so it can be changed in "
                "place only within no_grad()"
            )
        result = operation(self, other)
        if result.requires_grad or not self.is_leaf:
            return result
        self.replace(result.data)
        return self

    assign.__doc__ = f"{operation.__name__}, in place when nothing is being recorded."
    return assign

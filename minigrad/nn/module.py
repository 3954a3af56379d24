"""What all layers share: finding parameters, and carrying them from one model to another."""

import numpy as np

from minigrad.tensor import Tensor


class Module:
    """A function with parameters. Subclasses set tensors and modules as attributes in `__init__`
    and say in `forward` what they compute; no registration is needed.

    >>> class Scale(Module):
    ...     def __init__(self):
    ...         self.factor = Tensor([2.0], requires_grad=True)
    ...
    ...     def forward(self, x):
    ...         return x * self.factor
    >>> [name for name, _ in Scale().named_parameters()]
    ['factor']
    """

    training = True

    def forward(self, *inputs):
        """What the module computes."""
        raise NotImplementedError(f"{type(self).__name__} does not say in `forward` what it does")

    def __call__(self, *inputs):
        return self.forward(*inputs)

    def named_children(self):
        """The modules among the attributes, with their names, in the order they were set."""
        return [(k, v) for k, v in vars(self).items() if isinstance(v, Module)]

    def named_parameters(self):
        """All parameters, each once: tensors that require a gradient, here and in the children,
        with names like `0.weight`."""
        found, seen = [], set()
        for name, parameter in self._tensors(""):
            if id(parameter) not in seen:
                seen.add(id(parameter))
                found.append((name, parameter))
        return found

    def _tensors(self, prefix):
        for name, value in vars(self).items():
            if isinstance(value, Tensor) and value.requires_grad:
                yield prefix + name, value
        for name, child in self.named_children():
            yield from child._tensors(f"{prefix}{name}.")

    def parameters(self):
        """The parameters without their names."""
        return [parameter for _, parameter in self.named_parameters()]

    def zero_grad(self):
        """Forget all gradients."""
        for parameter in self.parameters():
            parameter.grad = None

    def train(self, mode=True):
        """Set `training` here and in all children; gives the module back."""
        self.training = bool(mode)
        for _, child in self.named_children():
            child.train(mode)
        return self

    def eval(self):
        """The opposite of train."""
        return self.train(False)

    def state_dict(self):
        """The parameters' arrays by name. Later training does not change them."""
        return {name: parameter.data for name, parameter in self.named_parameters()}

    def load_state_dict(self, state):
        """Take over arrays by name. Names, shapes and dtypes must be the module's own: otherwise
        ValueError, and nothing has been changed."""
        own = dict(self.named_parameters())
        missing, foreign = sorted(own.keys() - state.keys()), sorted(state.keys() - own.keys())
        if missing or foreign:
            raise ValueError(f"state: names do not fit; missing {missing}, not known {foreign}")
        new = {name: np.array(value) for name, value in state.items()}
        for name, parameter in own.items():
            wanted, given = (parameter.shape, parameter.dtype), (new[name].shape, new[name].dtype)
            if wanted != given:
                raise ValueError(
                    f"state: {name!r} must have shape {wanted[0]} and dtype {wanted[1]}, "
                    f"got {given[0]} and {given[1]}"
                )
        for name, parameter in own.items():
            parameter.replace(new[name])

    def describe(self):
        """The settings that `repr` shows between the brackets."""
        return ""

    def __repr__(self):
        children = self.named_children()
        if not children:
            return f"{type(self).__name__}({self.describe()})"
        lines = [f"  ({name}): {child!r}".replace("\n", "\n  ") for name, child in children]
        return "\n".join([f"{type(self).__name__}(", *lines, ")"])

"""Optimisers, with PyTorch's meaning of every setting. A step puts a new array in the place of
each parameter's data; parameters without gradient are passed over."""

import math

import numpy as np

from minigrad.tensor import Tensor


class Optimizer:
    """The parameters, and what all optimisers do with them."""

    def __init__(self, params, lr, weight_decay):
        if isinstance(params, Tensor):
            raise TypeError("params: expected several tensors, got one; put it into a list")
        self.params = list(params)
        if not self.params:
            raise ValueError("params: expected at least one tensor, got none")
        for i, p in enumerate(self.params):
            if not isinstance(p, Tensor) or not p.requires_grad or not p.is_leaf:
                raise ValueError(f"params: number {i} is not a leaf that requires a gradient")
        self.lr = setting("lr", lr)
        self.weight_decay = setting("weight_decay", weight_decay)

    def zero_grad(self):
        """Forget the gradients."""
        for p in self.params:
            p.grad = None

    def step(self):
        """Move each parameter by its gradient."""
        for i, p in enumerate(self.params):
            if p.grad is not None:
                g = p.grad.data
                if self.weight_decay:
                    g = g + self.weight_decay * p.data
                p.replace(p.data - self.move(i, g))


class SGD(Optimizer):
    """v ← momentum·v + g (v = g the first time), p ← p - lr·v, where g is the gradient plus
    weight_decay·p; with Nesterov p ← p - lr·(g + momentum·v).
    (I. Sutskever et al., On the importance of initialization and momentum, 2013.)

    >>> p = Tensor([1.0], requires_grad=True)
    >>> (3 * p).sum().backward()
    >>> SGD([p], lr=0.25).step()
    >>> p
    Tensor([0.25], requires_grad=True)
    """

    def __init__(self, params, lr=1e-3, momentum=0.0, weight_decay=0.0, nesterov=False):
        super().__init__(params, lr, weight_decay)
        self.momentum = setting("momentum", momentum)
        if nesterov and not momentum:
            raise ValueError("nesterov: needs a momentum above 0")
        self.nesterov = nesterov
        self.velocity = {}

    def move(self, i, g):
        """What is subtracted from parameter i."""
        if self.momentum:
            v = self.momentum * self.velocity[i] + g if i in self.velocity else g
            self.velocity[i] = v
            g = g + self.momentum * v if self.nesterov else v
        return self.lr * g


class Adam(Optimizer):
    """p ← p - lr·m̂/(√v̂ + eps), m̂ and v̂ the running means of g and g², corrected for their start.
    (D. Kingma and J. Ba, Adam: a method for stochastic optimization, 2015.)

    >>> p = Tensor([1.0], requires_grad=True)
    >>> (3 * p).sum().backward()
    >>> Adam([p], lr=0.25).step()
    >>> p
    Tensor([0.75], requires_grad=True)
    """

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        super().__init__(params, lr, weight_decay)
        self.betas = tuple(setting("betas", beta) for beta in betas)
        if len(self.betas) != 2 or max(self.betas) >= 1:
            raise ValueError(f"betas: expected two numbers below 1, got {betas!r}")
        self.eps = setting("eps", eps)
        self.means = {}

    def move(self, i, g):
        """What is subtracted from parameter i."""
        b1, b2 = self.betas
        t, m, v = self.means.get(i, (0, 0.0, 0.0))
        t, m, v = t + 1, b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
        self.means[i] = t, m, v
        root = np.sqrt(v) / math.sqrt(1 - b2**t) + self.eps
        return self.lr / (1 - b1**t) * m / root


def setting(name, value):
    """A setting that must be a number, not negative."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{name}: expected a number, got {value!r}")
    if not 0 <= value < math.inf:
        raise ValueError(f"{name}: expected a finite number, at least 0, got {value}")
    return float(value)

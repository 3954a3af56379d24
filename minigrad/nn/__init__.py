"""Layers and models, under PyTorch's names."""

from minigrad.nn import functional
from minigrad.nn.files import load, save
from minigrad.nn.layers import (
    Conv1d,
    Conv2d,
    Conv3d,
    Flatten,
    Linear,
    MaxPool2d,
    ReLU,
    Sequential,
    Sigmoid,
    Tanh,
    manual_seed,
)
from minigrad.nn.module import Module

__all__ = [
    "Conv1d",
    "Conv2d",
    "Conv3d",
    "Flatten",
    "Linear",
    "MaxPool2d",
    "Module",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Tanh",
    "functional",
    "load",
    "manual_seed",
    "save",
]

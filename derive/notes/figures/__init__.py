"""Pictures of the notes: a figure is a function to a `Scene`; `svg` and `tikz` write any scene.

May: compute, by plain loops or by the function it is given.  Must not: import minigrad, or show
a number that was not computed from its arguments.
"""

from derive.notes.figures.backpropagation import backpropagation
from derive.notes.figures.channels import channels
from derive.notes.figures.filters import KERNELS, filters
from derive.notes.figures.scene import Animation, Scene
from derive.notes.figures.sliding import sliding, sliding_animation
from derive.notes.figures.svg import svg
from derive.notes.figures.tikz import tikz
from derive.notes.figures.window import window

__all__ = [
    "KERNELS",
    "Animation",
    "Scene",
    "backpropagation",
    "channels",
    "filters",
    "sliding",
    "sliding_animation",
    "svg",
    "tikz",
    "window",
]

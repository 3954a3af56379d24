"""Wrong statements about convolution's gradients, made from the library's by changing one place."""

from dataclasses import fields, replace

from derive.binding import free, instantiate
from derive.library import find
from derive.syntax import Add, App, Fn, Mul, Node, Statement, Sum, Var


def changed(node, change):
    """`node` with `change` applied to each node from the leaves up."""
    if isinstance(node, tuple):
        return tuple(changed(part, change) for part in node)
    if not isinstance(node, Node):
        return node
    parts = {
        f.name: changed(getattr(node, f.name), change)
        for f in fields(node)
        if f.metadata.get("child", True) and f.name != "fn"
    }
    return change(replace(node, **parts) if parts else node)


def right(name, change):
    """A theorem of the library with its right side changed."""
    statement = find(name).statement
    wrong = Statement(statement.given, statement.lhs, changed(statement.rhs, change))
    assert wrong != statement
    return wrong


def is_var(node, name):
    return isinstance(node, Var) and node.name == name


def no_stride(node):
    """s i becomes i."""
    if isinstance(node, Mul) and any(is_var(f, "s") for f in node.factors):
        return next(f for f in node.factors if not is_var(f, "s"))
    return node


def no_dilation(node):
    """d a becomes a."""
    if isinstance(node, Mul) and any(is_var(f, "d") for f in node.factors):
        return next(f for f in node.factors if not is_var(f, "d"))
    return node


def padding_off_by_one(node):
    """s i + d a - p becomes s i + d a - p + 1."""
    if isinstance(node, Add) and any(
        isinstance(t, Mul) and any(is_var(f, "p") for f in t.factors) for t in node.terms
    ):
        return node + 1
    return node


def short_sum(node):
    """The sum over the positions leaves out the last one."""
    if isinstance(node, Sum) and node.var.name == "i":
        return Sum(node.var, (node.bounds[0], node.bounds[1] - 1), node.body)
    return node


def doubled(node):
    """A factor 2 in front of the sum over the positions."""
    return 2 * node if isinstance(node, Sum) and node.var.name == "i" else node


def flipped_kernel(statement):
    """w(g, o, c, a) becomes w(g, o, c, K - 1 - a) on the right side of the input's theorem."""

    def change(node):
        if isinstance(node, App) and isinstance(node.fn, Fn) and node.fn.name == "w":
            *front, last = node.args
            size = node.fn.box[-1][1]
            return App(node.fn, (*front, size - last))
        return node

    return Statement(statement.given, statement.lhs, changed(statement.rhs, change))


def one_more(statement):
    """One output position too many."""
    return Statement(statement.given, statement.lhs, statement.rhs + 1)


WRONG = {
    "weight: missing stride": {"weight": right("conv-gradient-weight", no_stride)},
    "weight: missing dilation": {"weight": right("conv-gradient-weight", no_dilation)},
    "weight: padding off by one": {"weight": right("conv-gradient-weight", padding_off_by_one)},
    "weight: wrong sum range": {"weight": right("conv-gradient-weight", short_sum)},
    "input: missing stride": {"input": right("conv-gradient-input", no_stride)},
    "input: flipped kernel": {"input": flipped_kernel(find("conv-gradient-input").statement)},
    "input: padding off by one": {"input": right("conv-gradient-input", padding_off_by_one)},
    "input: wrong sum range": {"input": right("conv-gradient-input", short_sum)},
    "bias: wrong sum range": {"bias": right("conv-gradient-bias", short_sum)},
    "size: one too many": {"size": one_more(find("output-size-general").statement)},
    "bias: doubled": {"bias": right("conv-gradient-bias", doubled)},
}


def squared_stride():
    """A true theorem of other layers: those that step by s^2, whose forward formula is not ours."""
    statement = find("conv-gradient-weight").statement
    stride = next(v for v in free(statement.lhs) if v.name == "s")
    return instantiate(statement, {stride: stride * stride})

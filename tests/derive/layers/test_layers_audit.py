"""The generated code on the audit's four rungs, as if it were minigrad's own; mutants fail."""

import pytest

import minigrad
from derive.audit.conv import OUTPUTS, ladder
from derive.audit.layer import layer_of
from tests.derive.layers.convs import code


def generated(layer, change=lambda grads: grads):
    """(x, w, b) -> y from the generated forward and backward, in minigrad's layout."""
    forward, backward = code(layer.dims)
    words = {"s": layer.stride, "d": layer.dilation, "P": layer.padding}
    numbers = {f"{k}_{n}": v for k, vs in words.items() for n, v in enumerate(vs, 1)}
    groups, inner, outer = layer.groups, layer.inner, layer.outer

    def apart(x, w, b):
        batch = x.shape[0]
        return {
            "x": x.reshape(batch, groups, inner, *x.shape[2:]),
            "w": w.reshape(groups, outer, inner, *w.shape[2:]),
            "b": b.reshape(groups, outer),
        }

    def sizes(x, w):
        reach = zip(
            x.shape[2:], layer.padding, layer.dilation, w.shape[2:], layer.stride, strict=True
        )
        return tuple((h + 2 * p - d * (k - 1) - 1) // s + 1 for h, p, d, k, s in reach)

    def run(x, w, b):
        out = sizes(x, w)
        h = forward(**apart(x, w, b), out_shape=(x.shape[0], groups, outer, *out), **numbers)
        return h.reshape(x.shape[0], groups * outer, *out)

    def back(g, x, w, b):
        delta = g.reshape(g.shape[0], groups, outer, *g.shape[2:])
        grads = backward(delta, **apart(x, w, b), **numbers)
        gw, gx, gb = change(list(grads))
        return gx.reshape(x.shape), gw.reshape(w.shape), gb.reshape(b.shape)

    return minigrad.function(run, back)


def audited(dims, change=lambda grads: grads, rungs=(1, 2, 3, 4), **settings):
    names = ("stride", "padding", "dilation", "groups")
    stride, padding, dilation, groups = (settings.get(n, n in ("stride", "dilation", "groups"))
                                         for n in names)  # fmt: skip
    layer = layer_of(
        dims, int(stride), int(padding), int(dilation), int(groups), None, None, None, 2, True
    )
    return ladder(
        layer,
        layer.sized(OUTPUTS[dims]),
        rungs=rungs,
        seed=0,
        code=lambda one: generated(one, change),
    )


@pytest.mark.parametrize(
    ("dims", "settings"),
    [
        (1, {}),
        (1, {"stride": 2, "padding": 1, "dilation": 2}),
        (2, {"stride": 2, "padding": 1, "groups": 2}),
    ],
)
def test_generated_code_passes_the_audit(dims, settings):
    audited(dims, **settings).check()


def negated(grads):
    return [-grads[0], *grads[1:]]


def turned(grads):
    return [grads[0][..., ::-1], *grads[1:]]


def shifted(grads):
    gx = grads[1].copy()
    gx[..., 1:] = grads[1][..., :-1]
    return [grads[0], gx, grads[2]]


@pytest.mark.parametrize("mutant", [negated, turned, shifted])
def test_a_mutated_backward_fails_the_audit(mutant):
    report = audited(1, mutant, rungs=(2, 3), stride=2, padding=1)
    with pytest.raises(AssertionError):
        report.check()

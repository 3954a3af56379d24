"""A tensor: an array, and the record of how it was made.

Operations (in `ops`) call `record`; `walk` reads the records backwards. Nothing here knows a
particular operation: `ops/__init__` lists those that become methods.

Arrays are never written to once a tensor holds them: assignment puts a new array in the place of
the old one and counts a version. So two tensors may share memory without harm, and a gradient
that reads an input can tell that the input is no longer what it was.
"""

import numpy as np

from minigrad.modes import recording, watching


class Tensor:
    """An n-dimensional array that can be differentiated by.

    `data` is an array, number, nested list or tensor; it is copied. Python floats become float32,
    as in PyTorch, Python integers int64; arrays keep their dtype. Any numeric dtype will do, and
    `object` arrays of anything with ring arithmetic (fractions, polynomials, Python integers).

    Integers and objects may require gradients, which PyTorch refuses: over the integers or over
    polynomials a derivative is exact, and that is how the engine is audited. Complex tensors get
    the holomorphic derivative: nothing is conjugated.

    Raises TypeError for data that are not numbers, ValueError for rows of different lengths.

    >>> x = Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    >>> (x * x).sum().backward()
    >>> x.grad
    Tensor([[2., 4.],
            [6., 8.]])
    """

    __slots__ = (
        "__weakref__",
        "_array",
        "_name",
        "_reads",
        "_sources",
        "_version",
        "grad",
        "requires_grad",
    )
    # NumPy arrays on the left hand over: `array * tensor` is `tensor.__rmul__(array)`.
    __array_ufunc__ = None

    def __init__(self, data, requires_grad=False):
        array = as_array(data)
        if requires_grad and array.dtype.kind == "b":
            raise TypeError("requires_grad: a bool tensor has no gradient")
        _fill(self, array, bool(requires_grad))

    # ---- what it holds

    @property
    def data(self):
        """The array, read-only. Assigning puts a copy of the new data in its place.

        Only leaves can be assigned, with data of the same shape, of a dtype that casts to theirs
        without changing kind. What was recorded with the old data refuses to go backward if it
        needs them. Not noticed: an array made writable again by hand (`flags.writeable`), and
        changes inside the elements of an object array.
        """
        return self._array

    @data.setter
    def data(self, new):
        self.replace(as_array(new))

    def replace(self, array):
        """Put `array`, which the caller gives up, in the place of the data: the one way in."""
        if self._sources:
            raise ValueError(
                f"data: the result of {self._name!r} cannot be changed; detach() it first"
            )
        if array.shape != self.shape:
            raise ValueError(f"data: expected shape {self.shape}, got {array.shape}")
        if array.dtype != self.dtype:
            if not np.can_cast(array.dtype, self.dtype, "same_kind"):
                raise TypeError(f"data: {array.dtype} cannot become {self.dtype} without loss")
            array = array.astype(self.dtype)
        array.flags.writeable = False
        self._array = array
        self._version += 1

    def copy_(self, other):
        """Replace the data by those of `other`, which broadcasts. Refused while recording, if a
        gradient is required, as every change in place is."""
        self._refuse_in_place("copy_")
        self.replace(np.array(np.broadcast_to(as_array(other), self.shape)))
        return self

    def __setitem__(self, index, value):
        self._refuse_in_place("assignment to a part")
        new = self._array.copy()
        new[index_of(index)] = as_array(value)
        self.replace(new)

    def _refuse_in_place(self, what):
        if recording.get() and self.requires_grad and not self._sources:
            raise ValueError(
                f"{what}: this leaf requires a gradient, so it can be changed only within no_grad()"
            )

    shape = property(lambda self: self._array.shape)
    dtype = property(lambda self: self._array.dtype)
    ndim = property(lambda self: self._array.ndim)
    size = property(lambda self: self._array.size, doc="The number of elements.")
    is_leaf = property(lambda self: not self._sources, doc="Made by hand, not by an operation.")

    def numel(self):
        """The number of elements."""
        return self._array.size

    def item(self):
        """The one element, as a Python number (or as the object it is)."""
        if self.size != 1:
            raise ValueError(f"item: expected one element, got shape {self.shape}")
        return self._array.item()

    def numpy(self):
        """The array, read-only. A tensor that requires a gradient must be detached first."""
        if self.requires_grad:
            raise ValueError("numpy: this tensor requires a gradient; use .detach().numpy()")
        return self._array

    def __array__(self, dtype=None, copy=None):
        return np.array(self.numpy(), dtype=dtype)

    def detach(self):
        """The same data, without record. Later changes of either do not show in the other."""
        return record("detach", self._array)

    def to(self, dtype):
        """Cast to another dtype; the gradient is cast back."""
        old = self.dtype
        return record("to", self._array.astype(dtype), (self, lambda g, y: g.to(old)))

    def zero_grad(self):
        """Forget the gradient."""
        self.grad = None

    # ---- Python's own protocols

    def __len__(self):
        return len(self._array)

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def __bool__(self):
        return bool(self.item())

    def __float__(self):
        return float(self.item())

    def __int__(self):
        return int(self.item())

    __hash__ = object.__hash__

    def __reduce__(self):  # for copy.deepcopy and pickle: as in PyTorch, of leaves alone
        if self._sources:
            raise ValueError(f"copy: the result of {self._name!r} has a record; detach() it first")
        return Tensor, (self._array, self.requires_grad)

    def __repr__(self):
        text = np.array2string(self._array, separator=", ", prefix="Tensor(")
        if self._array.dtype not in (np.float32, np.int64):
            text += f", dtype={self._array.dtype}"
        if self._sources:
            text += f", made by {self._name!r}"
        elif self.requires_grad:
            text += ", requires_grad=True"
        return f"Tensor({text})"


def _fill(tensor, array, requires_grad):
    array.flags.writeable = False
    tensor._array = array
    tensor._version = 0
    tensor.grad = None
    tensor.requires_grad = requires_grad
    tensor._name = None
    tensor._sources = ()
    tensor._reads = ()


def record(name, result, *sources):
    """The tensor that operation `name` made, `result` being an array the caller gives up.

    `sources` are pairs (input, vjp). When an output y has cotangent g = ∂L/∂y, `vjp(g, y)` is that
    input's part, g·∂y/∂input, of the input's shape; it is written in tensor operations, so that it
    can be differentiated in turn. (It gets y instead of closing over it, since a record that held
    its own result would be a reference cycle.) What a vjp reads is what it closes over: the
    versions of those tensors are noted here and compared when the walk comes back.
    """
    if type(result) is not np.ndarray:  # reductions and 0-d arithmetic give bare elements
        result = _boxed(result, any(t.dtype == object for t, _ in sources))
    if watching.get() and has_nan(result):
        _report_nan(name, [t for t, _ in sources])
    tensor = Tensor.__new__(Tensor)
    _fill(tensor, result, False)
    if recording.get():
        kept = tuple(pair for pair in sources if pair[0].requires_grad)
        if kept:
            tensor.requires_grad = True
            tensor._name = name
            tensor._sources = kept
            tensor._reads = tuple(
                (cell.cell_contents, cell.cell_contents._version)
                for _, vjp in kept
                for cell in vjp.__closure__ or ()
                if type(cell.cell_contents) is Tensor
            )
    return tensor


def as_array(data):
    """A new array of the data; Python floats become float32."""
    if isinstance(data, Tensor):
        data = data._array
    try:
        array = np.array(data)
    except ValueError as error:
        raise ValueError(f"data: expected rows of equal lengths ({error})") from None
    if array.dtype.kind not in "biufcO":
        raise TypeError(f"data: expected numbers, got {array.dtype.type.__name__} {data!r:.60}")
    if array.dtype == object:
        for element in array.flat:
            # Rings have negatives; None, strings and lists do not.
            if not hasattr(type(element), "__neg__"):
                raise TypeError(f"data: expected numbers, got {element!r:.60}")
    elif array.dtype == np.float64 and not isinstance(data, (np.ndarray, np.generic)):
        array = array.astype(np.float32)
    return array


def lift(value, like=None):
    """`value` as a tensor; a Python number takes the dtype it would have beside `like`."""
    if isinstance(value, Tensor):
        return value
    if like is not None and isinstance(value, (bool, int, float, complex)):
        return record("constant", np.array(value, dtype=np.result_type(like.dtype, value)))
    return record("constant", as_array(value))


def index_of(index):
    """An index in NumPy's terms: tensors in it become arrays."""
    if isinstance(index, tuple):
        return tuple(index_of(i) for i in index)
    if isinstance(index, (Tensor, np.ndarray, list)):
        return np.array(index)
    return index


def has_nan(array):
    """Does any element differ from itself? So asked, the question makes sense in every dtype."""
    return bool((array != array).any())


def _boxed(element, is_object):
    if isinstance(element, np.generic) and not is_object:
        return np.array(element)
    box = np.empty((), dtype=object)  # np.array would make an int64 of a Python integer
    box[()] = element
    return box


def _report_nan(name, inputs):
    for i, t in enumerate(inputs):
        if has_nan(t._array):
            raise FloatingPointError(f"{name!r} was given NaN as its input {i}")
    raise FloatingPointError(f"{name!r} gave NaN where its inputs had none")

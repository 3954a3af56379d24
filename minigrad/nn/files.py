"""Models on disk: one .npz archive, an array for each parameter, nothing pickled."""

import os
import zipfile
import zlib
from pathlib import Path

import numpy as np


def save(module, path):
    """Write the module's parameters to `path`, whole or not at all: they go to a temporary file
    beside it, which then takes its name; a link is followed. Raises TypeError for parameters of
    dtype object, ValueError for a path that is no file, such as a folder or a device."""
    path = Path(path).resolve()
    if path.exists() and not path.is_file():
        raise ValueError(f"save: {path} is not a file")
    state = module.state_dict()
    for name, array in state.items():
        if array.dtype == object:
            raise TypeError(f"save: {name!r} has dtype object, which only pickle could store")
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with zipfile.ZipFile(temporary, "w") as archive:
            for name, array in state.items():
                with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                    np.lib.format.write_array(file, array, allow_pickle=False)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def load(module, path):
    """Take the parameters from a file that `save` wrote. All of it is read and its names, shapes
    and dtypes compared with the module's before anything is changed.

    Raises OSError if the file cannot be read, ValueError if it is not such a file, is damaged, or
    does not fit the module.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            state = {}
            for entry in archive.namelist():
                with archive.open(entry) as file:
                    array = np.lib.format.read_array(file, allow_pickle=False)
                state[entry.removesuffix(".npy")] = array
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise ValueError(f"load: {path} is not a model file, or is damaged ({error})") from None
    try:
        module.load_state_dict(state)
    except ValueError as error:
        raise ValueError(f"load: {path} does not fit this model: {error}") from None

"""Parts by name. The file name is the registration: `models/ease.py` is the model "ease".

Other distributions register parts as entry points in the groups `matinee.models`, `.sources` and
`.metrics`. Files that start with an underscore are private. A dash in a name is an underscore in
the file name. A file of metrics is a family: `matinee.metrics.get` finds a single metric.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from functools import cache
from importlib.metadata import entry_points
from types import ModuleType
from typing import Any

from matinee.errors import UnknownNameError

__all__ = ["get", "installed", "modules", "names"]

# kind to the package of its files and the base class in that package ("" if files are no classes)
_KINDS = {
    "models": ("matinee.models", "Model"),
    "sources": ("matinee.data.sources", "Source"),
    "metrics": ("matinee.metrics", ""),
}


def names(kind: str) -> tuple[str, ...]:
    """Sorted names of all parts of a kind; only the package itself is imported."""
    return tuple(sorted({*_files(kind), *_entry_points(kind)}))


def get(kind: str, name: str) -> type[Any]:
    """The class of one part.

    Raises:
        UnknownNameError: no such part; the message lists all.
    """
    if name in _files(kind):
        return _only_class(kind, _module(kind, name))
    if name in _entry_points(kind):
        found: type[Any] = _entry_points(kind)[name].load()
        found.name = name
        return found
    if name in (own := _defined(kind)):
        return own[name]
    raise UnknownNameError(kind.removesuffix("s"), name, names(kind))


def modules(kind: str) -> dict[str, ModuleType]:
    """Name to imported module, for all public files of a kind; without entry points."""
    return {name: _module(kind, name) for name in _files(kind)}


def installed(kind: str) -> dict[str, Any]:
    """Name to loaded entry point, for a kind."""
    return {name: point.load() for name, point in _entry_points(kind).items()}


@cache
def _files(kind: str) -> tuple[str, ...]:
    package = importlib.import_module(_KINDS[kind][0])
    found = (module.name for module in pkgutil.iter_modules(package.__path__))
    return tuple(name.replace("_", "-") for name in found if not name.startswith("_"))


@cache
def _entry_points(kind: str) -> dict[str, Any]:
    return {point.name: point for point in entry_points(group=f"matinee.{kind}")}


def _defined(kind: str) -> dict[str, type[Any]]:
    """Classes of this process that are neither files nor entry points, by name; latest first."""
    package, base = _KINDS[kind]
    if not base:
        return {}
    found: dict[str, type[Any]] = {}
    waiting = [getattr(importlib.import_module(package), base)]
    while waiting:
        for each in waiting.pop().__subclasses__():
            waiting.append(each)
            if not inspect.isabstract(each) and not each.__module__.startswith(f"{package}."):
                found[each.name] = each
    return found


def _module(kind: str, name: str) -> ModuleType:
    return importlib.import_module(f"{_KINDS[kind][0]}.{name.replace('-', '_')}")


def _only_class(kind: str, module: ModuleType) -> type[Any]:
    package, base_name = _KINDS[kind]
    base = getattr(importlib.import_module(package), base_name)
    own = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, base)
        and value.__module__ == module.__name__
    ]
    if len(own) != 1:
        raise TypeError(f"{module.__name__} must define exactly one {base_name}, not {len(own)}")
    return own[0]

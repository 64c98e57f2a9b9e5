"""Makes the imports of a start faster, without an effect on the imported application."""

import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

OPENAPI_MODELS = "fastapi.openapi.models"


@contextmanager
def no_collection() -> Iterator[None]:
    """Disables the garbage collector, which would repeatedly scan modules that stay in memory.

    Only the thresholds are changed, so that an application that disables the collector, or sets its own
    thresholds, keeps its choice. The collector never scans what exists at the end.
    https://docs.python.org/3/library/gc.html#gc.freeze
    """
    before = gc.get_threshold()
    gc.set_threshold(0)
    try:
        yield
    finally:
        if gc.get_threshold() == (0, *before[1:]):
            gc.set_threshold(*before)
        gc.freeze()


@contextmanager
def openapi_models_on_demand() -> Iterator[None]:
    """Defers building FastAPI's models of an OpenAPI document until the first document is created.

    They take a quarter of the import of a FastAPI application, and only `/openapi.json` needs them.
    https://docs.pydantic.dev/latest/api/config/#pydantic.config.ConfigDict.defer_build
    """
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        # An application may have removed it.
        sys.meta_path[:] = [other for other in sys.meta_path if other is not finder]


class _Finder:
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != OPENAPI_MODELS:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Deferring(spec.loader)
        return spec


class _Deferring:
    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._inner.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        if module.__spec__ is not None:
            module.__spec__.loader = module.__loader__ = self._inner
        with _deferred():
            self._inner.exec_module(module)


@contextmanager
def _deferred() -> Iterator[None]:
    """Every model that is defined meanwhile inherits the setting from the base class.

    FastAPI builds some of them at the end of the module, because they refer to each other. Pydantic builds a
    model when it is used.
    """
    try:
        from pydantic import BaseModel

        settings, rebuild = BaseModel.model_config, BaseModel.__dict__["model_rebuild"]
    except (ImportError, AttributeError, KeyError):
        # No Pydantic, or a version before 2.0: nothing can be deferred.
        yield
        return
    BaseModel.model_config = {**settings, "defer_build": True}
    BaseModel.model_rebuild = classmethod(lambda *_, **__: None)
    try:
        yield
    finally:
        BaseModel.model_config = settings
        BaseModel.model_rebuild = rebuild

"""The work while the secrets are read, and the context that makes the import of the application cheaper."""

from collections.abc import Iterator
from contextlib import contextmanager

from start_up.ahead import Reading, import_ahead, recorded
from start_up.bytecode import importing_from, read_bytecode
from start_up.compiled import compiled, read_table
from start_up.lighter import openapi_models_on_demand

SERVING = "start_up.serving"
"""The module that wraps the handler. It needs asyncio, and is needed only after the secrets are read."""


@contextmanager
def meanwhile(reading: Reading) -> Iterator[None]:
    """Imports and reads ahead until the secrets are read. The application is imported in this context."""
    with compiled(read_table()), openapi_models_on_demand():
        modules, files = recorded()
        import_ahead([SERVING, *modules], reading)
        with importing_from(read_bytecode(files, reading)):
            yield

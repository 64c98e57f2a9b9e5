"""What botocore knows of an API, read once.

By the model's own file: a session of botocore takes longer to import than the rest of the emulator, and looks
into the folder of each of its 400 services before it reads one.
"""

from __future__ import annotations

from functools import cache

from botocore.loaders import Loader
from botocore.model import ServiceModel

_KIND = "service-2"


@cache
def service_model(service: str) -> ServiceModel:
    """The newest model of a service, by botocore's name of it."""
    loader = Loader()
    version = loader.determine_latest_version(service, _KIND)
    return ServiceModel(loader.load_data(f"{service}/{version}/{_KIND}"), service)

"""botocore's description of an API, read once.

Read from the model's file, because a botocore session takes longer to import than the rest of the emulator,
and searches the folders of all 400 services before it reads one.
"""

from __future__ import annotations

from functools import cache

from botocore.loaders import Loader
from botocore.model import ServiceModel

_KIND = "service-2"


@cache
def service_model(service: str) -> ServiceModel:
    """The newest model of a service, by its name in botocore."""
    loader = Loader()
    version = loader.determine_latest_version(service, _KIND)
    return ServiceModel(loader.load_data(f"{service}/{version}/{_KIND}"), service)

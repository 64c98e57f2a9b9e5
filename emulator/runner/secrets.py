"""Which values an environment has read: its secrets are those at the time of its start."""

from __future__ import annotations

from collections.abc import Mapping

from emulator.runner.version import Version

PATH_VARIABLE = "KAIROS_PARAMETER_PATH"
"""The variable of a function with the path of its secrets."""


def secret_versions(version: Version) -> Mapping[str, int]:
    """The version of each parameter that an environment would read now; empty if it reads none."""
    from ministack.services import ssm

    path = dict(version.variables).get(PATH_VARIABLE)
    if not path:
        return {}
    return {
        name: int(parameter["Version"])
        for (account, region, name), parameter in list(ssm._parameters._data.items())
        if (account, region) == (version.account, version.region) and name.startswith(path)
    }

"""The processor time of reading 12 secrets, compared with a bare interpreter and with boto3."""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).parent
sys.path.append(str(FOLDER.parent / "tests"))

from fake_parameter_store import FakeParameterStore, parameter, serving  # noqa: E402

ROUNDS = 9
AIM = 0.25

BARE = "pass"
OURS = """
import os
from start_up.configuration import read_configuration
from start_up.parameters import load
load(read_configuration(os.environ), os.environ)
assert os.environ["NAME_11"] == "value 11"
"""
THEIRS = """
import os
import boto3
pages = boto3.client("ssm").get_paginator("get_parameters_by_path").paginate(
    Path="/kairos/test/secrets", WithDecryption=True
)
found = {entry["Name"].rpartition("/")[2]: entry["Value"] for page in pages for entry in page["Parameters"]}
os.environ.update(found)
assert len(found) == 12
"""


def milliseconds(code: str, environment: dict[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime) * 1000


def main() -> None:
    names = [parameter(f"/kairos/test/secrets/NAME_{number}", f"value {number}") for number in range(12)]
    with (
        tempfile.TemporaryDirectory() as cache,
        serving(FakeParameterStore([names[:10], names[10:]])) as store,
    ):
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(FOLDER.parent),
            "PYTHONPYCACHEPREFIX": cache,
            "AWS_REGION": "eu-west-2",
            "AWS_DEFAULT_REGION": "eu-west-2",
            "AWS_ACCESS_KEY_ID": "AKID",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_ENDPOINT_URL_SSM": store.endpoint,
            "KAIROS_PARAMETER_PATH": "/kairos/test/secrets/",
            "KAIROS_REQUIRED_PARAMETERS": ",".join(f"NAME_{number}" for number in range(12)),
            "KAIROS_HANDLER": "kairos.main.handler",
        }
        codes = {"bare": BARE, "ours": OURS, "boto3": THEIRS}
        taken: dict[str, list[float]] = {name: [] for name in codes}
        for code in codes.values():
            milliseconds(code, environment)  # an image contains its bytecode
        for _ in range(ROUNDS):
            for name, code in codes.items():
                taken[name].append(milliseconds(code, environment))
    bare, ours, theirs = (statistics.median(taken[name]) for name in codes)
    if "--json" in sys.argv:
        line = {
            "what": "reading 12 secrets (2 pages), processor time",
            "ours": f"{ours - bare:.0f} ms",
            "against": "boto3",
            "theirs": f"{theirs - bare:.0f} ms",
            "ratio": (ours - bare) / (theirs - bare),
            "aim": AIM,
        }
        print(json.dumps([line]))
        return
    print(f"bare interpreter    {bare:.0f} ms of processor time (median of {ROUNDS}, in turn)")
    print(f"this loader         {ours - bare:.0f} ms above it for 12 secrets on 2 pages")
    print(f"boto3               {theirs - bare:.0f} ms above it")
    print(f"ratio               {(ours - bare) / (theirs - bare):.2f}; the aim is {AIM}")


if __name__ == "__main__":
    main()

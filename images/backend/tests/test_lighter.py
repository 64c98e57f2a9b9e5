"""Cheaper imports: what is left out meanwhile, and that nothing of it is seen afterwards."""

import gc
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from start_up.lighter import OPENAPI_MODELS, no_collection, openapi_models_on_demand

IMAGE = Path(__file__).parents[1]
EXAMPLE = IMAGE.parents[1] / "examples" / "backend"


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.enable()
    gc.set_threshold(*before)


def test_nothing_is_collected_meanwhile_and_everything_afterwards() -> None:
    before = gc.get_threshold()
    with no_collection():
        assert gc.get_threshold()[0] == 0
    assert gc.get_threshold() == before


def test_what_was_made_meanwhile_is_not_looked_at_again() -> None:
    with no_collection():
        made = [[] for _ in range(1000)]
    assert gc.get_freeze_count() >= len(made)


def test_a_start_that_fails_leaves_the_collector_on() -> None:
    before = gc.get_threshold()
    with pytest.raises(OSError, match="no"), no_collection():
        raise OSError("no")
    assert gc.get_threshold() == before


def test_a_collector_that_the_application_switches_off_stays_off() -> None:
    with no_collection():
        gc.disable()
    assert not gc.isenabled()


@pytest.mark.parametrize("chosen", [(900, 20, 20), (0, 20, 20)])
def test_thresholds_of_the_application_stay(chosen: tuple[int, int, int]) -> None:
    with no_collection():
        gc.set_threshold(*chosen)
    assert gc.get_threshold() == chosen


def run(script: str, *, lighter: bool = True) -> str:
    """What a script prints that begins with the application in a process of its own."""
    begin = "from start_up.lighter import openapi_models_on_demand as on_demand\nwith on_demand():\n    "
    whole = f"{begin if lighter else ''}import kairos.main\n{script}"
    environment = {"PYTHONPATH": f"{IMAGE}:{EXAMPLE}", "SECRET_KEY": "of-more-than-thirty-two-characters-0"}
    done = subprocess.run([sys.executable, "-c", whole], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


BUILT = """
import fastapi.openapi.models as models
print(models.OpenAPI.__pydantic_complete__, models.Schema.__pydantic_complete__)
"""


def test_the_models_of_a_document_are_built_at_once_without_it() -> None:
    assert run(BUILT, lighter=False) == "True True"


def test_the_models_of_a_document_wait_for_one() -> None:
    assert run(BUILT) == "False False"


def test_the_document_is_the_same() -> None:
    script = "import json\nprint(json.dumps(kairos.main.app.openapi()))"
    document = run(script)
    assert json.loads(document)["paths"]
    assert document == run(script, lighter=False)


def test_the_models_of_the_application_are_built_as_ever() -> None:
    script = """
from pydantic import BaseModel
class Own(BaseModel):
    pass
print(Own.__pydantic_complete__, BaseModel.model_config, Own.model_rebuild())
"""
    assert run(script) == run(script, lighter=False)


def test_a_module_says_where_it_came_from_as_ever() -> None:
    script = f"""
import sys
module = sys.modules[{OPENAPI_MODELS!r}]
print(type(module.__loader__), type(module.__spec__.loader), len(sys.meta_path))
"""
    assert run(script) == run(script, lighter=False)


def test_a_pydantic_that_defers_nothing_is_left_alone() -> None:
    script = """
import importlib, sys, types
sys.modules["pydantic"] = types.ModuleType("pydantic")
from start_up import lighter
with lighter._deferred():
    print("as it was")
"""
    assert run(script) == "as it was"


def test_another_import_is_none_of_its_business() -> None:
    with openapi_models_on_demand():
        finder = sys.meta_path[0]
        assert finder.find_spec("json", None) is None
    assert finder not in sys.meta_path

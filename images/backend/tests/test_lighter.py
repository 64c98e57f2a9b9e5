"""Cheaper imports: what is replaced during them, and that everything is restored afterwards."""

import gc
import importlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from pydantic import BaseModel

from start_up.lighter import OPENAPI_MODELS, _deferred, no_collection, openapi_models_on_demand

IMAGE = Path(__file__).parents[1]
EXAMPLE = IMAGE.parents[1] / "examples" / "backend"


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.enable()
    gc.set_threshold(*before)


def test_garbage_is_collected_only_afterwards() -> None:
    before = gc.get_threshold()
    with no_collection():
        assert gc.get_threshold()[0] == 0
    assert gc.get_threshold() == before


def test_objects_of_the_import_are_not_scanned_again() -> None:
    with no_collection():
        made = [[] for _ in range(1000)]
    assert gc.get_freeze_count() >= len(made)


def test_a_failed_start_leaves_the_collector_on() -> None:
    before = gc.get_threshold()
    with pytest.raises(OSError, match="no"), no_collection():
        raise OSError("no")
    assert gc.get_threshold() == before


def test_a_collector_that_the_application_turns_off_stays_off() -> None:
    with no_collection():
        gc.disable()
    assert not gc.isenabled()


@pytest.mark.parametrize("chosen", [(900, 20, 20), (0, 20, 20)])
def test_thresholds_that_the_application_sets_are_kept(chosen: tuple[int, int, int]) -> None:
    with no_collection():
        gc.set_threshold(*chosen)
    assert gc.get_threshold() == chosen


def run(script: str, *, lighter: bool = True) -> str:
    """The output of a script that first imports the application, in a separate process."""
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


def test_the_models_of_a_document_are_normally_built_at_once() -> None:
    assert run(BUILT, lighter=False) == "True True"


def test_the_models_of_a_document_are_built_with_the_document() -> None:
    assert run(BUILT) == "False False"


def test_the_document_is_the_same() -> None:
    script = "import json\nprint(json.dumps(kairos.main.app.openapi()))"
    document = run(script)
    assert json.loads(document)["paths"]
    assert document == run(script, lighter=False)


def test_the_models_of_the_application_are_built_normally() -> None:
    script = """
from pydantic import BaseModel
class Own(BaseModel):
    pass
print(Own.__pydantic_complete__, BaseModel.model_config, Own.model_rebuild())
"""
    assert run(script) == run(script, lighter=False)


def test_a_module_has_its_normal_origin() -> None:
    script = f"""
import sys
module = sys.modules[{OPENAPI_MODELS!r}]
print(type(module.__loader__), type(module.__spec__.loader), len(sys.meta_path))
"""
    assert run(script) == run(script, lighter=False)


@pytest.fixture
def document_models(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], ModuleType]]:
    """Imports FastAPI's models of a document as if they were not imported yet."""
    kept = importlib.import_module(OPENAPI_MODELS)
    package = sys.modules["fastapi.openapi"]

    def again() -> ModuleType:
        sys.modules.pop(OPENAPI_MODELS)
        return importlib.import_module(OPENAPI_MODELS)

    yield again
    sys.modules[OPENAPI_MODELS] = kept
    package.models = kept  # type: ignore[attr-defined]


def test_the_models_are_built_when_they_are_used(document_models: Callable[[], ModuleType]) -> None:
    with openapi_models_on_demand():
        models = document_models()
    assert not models.OpenAPI.__pydantic_complete__
    assert models.OpenAPI.model_config["extra"] == "allow"
    document = models.OpenAPI(openapi="3.1.0", info={"title": "a", "version": "1"}, paths={})
    assert document.info.title == "a"
    assert models.OpenAPI.__pydantic_complete__


def test_the_module_keeps_its_own_loader(document_models: Callable[[], ModuleType]) -> None:
    plain = document_models()
    with openapi_models_on_demand():
        models = document_models()
    assert type(models.__loader__) is type(plain.__loader__)
    assert models.__spec__ is not None
    assert models.__spec__.loader is models.__loader__
    assert models.__file__ == plain.__file__


def test_other_models_are_built_normally_afterwards(document_models: Callable[[], ModuleType]) -> None:
    settings, rebuild = BaseModel.model_config, BaseModel.__dict__["model_rebuild"]
    with openapi_models_on_demand():
        document_models()
    assert BaseModel.model_config is settings
    assert BaseModel.__dict__["model_rebuild"] is rebuild


def test_every_model_that_is_defined_during_the_import_is_deferred(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BaseModel, "model_config", {"extra": "forbid"})
    with _deferred():
        assert BaseModel.model_config == {"extra": "forbid", "defer_build": True}
        assert BaseModel.model_rebuild(force=True) is None


def test_a_failing_module_does_not_change_pydantic() -> None:
    settings, rebuild = BaseModel.model_config, BaseModel.__dict__["model_rebuild"]
    with pytest.raises(OSError, match="no"), _deferred():
        raise OSError("no")
    assert BaseModel.model_config is settings
    assert BaseModel.__dict__["model_rebuild"] is rebuild


def a_pydantic(**members: object) -> ModuleType:
    module = ModuleType("pydantic")
    vars(module).update(members)
    return module


@pytest.mark.parametrize(
    "pydantic",
    [
        None,
        a_pydantic(),
        a_pydantic(BaseModel=type("BaseModel", (), {})),
        a_pydantic(BaseModel=type("BaseModel", (), {"model_config": {}})),
    ],
    ids=["none", "without models", "before 2.0", "without a rebuild"],
)
def test_without_a_pydantic_that_defers_everything_runs(
    monkeypatch: pytest.MonkeyPatch, pydantic: ModuleType | None
) -> None:
    monkeypatch.setitem(sys.modules, "pydantic", pydantic)
    ran = []
    with _deferred():
        ran.append(True)
    assert ran == [True]


def test_a_backend_without_fastapi_is_not_changed(tmp_path: Path) -> None:
    with openapi_models_on_demand():
        assert sys.meta_path[0].find_spec(OPENAPI_MODELS, [str(tmp_path)]) is None


def test_another_import_is_not_changed() -> None:
    with openapi_models_on_demand():
        finder = sys.meta_path[0]
        assert finder.find_spec("json", None) is None
    assert finder not in sys.meta_path


def test_an_application_that_removes_every_finder_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    with openapi_models_on_demand():
        left = sys.meta_path[1:]
        sys.meta_path[:] = left
    assert sys.meta_path == left

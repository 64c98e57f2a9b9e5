"""What reaches the log: one line of JSON, and no secret."""

import json

import pytest

from start_up.log import log, redact


def test_writes_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    log("ERROR", "two\nlines", step="start")
    (line,) = capsys.readouterr().out.splitlines()
    written = json.loads(line)
    assert written.pop("timestamp").endswith("Z")
    assert written == {"level": "ERROR", "message": "two\nlines", "step": "start"}


def test_names_a_secret_in_place_of_its_value() -> None:
    assert redact("cannot reach db.example", {"MONGO_HOST": "db.example"}) == "cannot reach [MONGO_HOST]"


def test_leaves_nothing_of_a_secret_that_begins_with_another() -> None:
    secrets = {"SHORT": "abc", "LONG": "abcdef"}
    assert redact("abcdef and abc", secrets) == "[LONG] and [SHORT]"

"""The stop of the server: each part is notified once, and the server waits for each with a limit."""

import asyncio

import pytest

from emulator import seams


@pytest.fixture(autouse=True)
def nothing_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seams, "_stops", [])


def stop() -> None:
    asyncio.run(asyncio.wait_for(seams.stop(), 10))


def test_a_part_that_does_not_stop_is_named_and_skipped(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(seams, "STOP_LIMIT", 0.01)
    stopped = []

    async def that_hangs() -> None:
        await asyncio.Event().wait()

    async def after_it() -> None:
        stopped.append("after it")

    seams.on_stop(that_hangs)
    seams.on_stop(after_it)
    stop()
    assert stopped == ["after it"]
    assert "that_hangs did not stop" in caplog.text


def test_parts_stop_once_in_the_order_in_which_they_were_added() -> None:
    stopped = []

    def part(number: int) -> seams.Hook:
        async def hook() -> None:
            stopped.append(number)

        return hook

    for number in range(3):
        seams.on_stop(part(number))
    stop()
    stop()
    assert stopped == [0, 1, 2]

"""What client and service say to each other, also when one of them is of another version."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.errors import EngineError, InvalidPicture, InvalidSetting, OutOfMemory, WorkerLost
from engine.messages import Failed
from engine.runner import Job, Losses, Progress, Result, StateSaved, Style
from engine.settings import Settings
from engine.wire import read_event, read_order, refusal, refusal_members, write_event, write_order

LOSSES = Losses(1.0, 2.0, 3.0)


def test_an_order_comes_back_as_it_was() -> None:
    settings = Settings(image_size=256, colors="luma", seed=7)
    styles = (Style(Path("a"), 0.3, 2.0), Style(Path("b"), 0.7))
    job = Job("a", Path("c"), styles, settings, Path(), preview_percent=20, failures=2)
    order = read_order(write_order(job, "earlier").encode())
    assert order.settings == settings
    assert order.styles == ((0.3, 2.0), (0.7, 1.0))
    assert (order.preview_percent, order.failures, order.resume) == (20, 2, "earlier")


@pytest.mark.parametrize("painted", [None, Path("/secret/painted.png")])
def test_events_come_back_without_their_paths(painted: Path | None) -> None:
    progress = Progress(3, 10, LOSSES, None, 1, 2)
    assert read_event(*write_event(progress)) == progress
    result = Result(Path("/secret/result.png"), 9, 10, LOSSES, 1.5, True, painted)
    for event in (result, StateSaved(5, Path("/secret/state"))):
        kind, data = write_event(event)
        assert "secret" not in data
        assert "\n" not in data
        assert read_event(kind, data) is not None
    read = read_event(*write_event(result))
    assert isinstance(read, Result)
    assert (read.painted is None) == (painted is None)


@pytest.mark.parametrize(
    "error",
    [
        OutOfMemory("Too little."),
        InvalidPicture("Broken.", code="truncated"),
        InvalidPicture("Small.", code="too_small", pixels=4),
        InvalidSetting("No.", name="seed", nearest="0"),
    ],
)
def test_errors_come_back_with_what_they_carry(error: EngineError) -> None:
    failed = read_event(*write_event(Failed(error)))
    assert isinstance(failed, Failed)
    problem = json.loads(json.dumps({"detail": str(error), **refusal_members(error)}))
    for back in (failed.error, refusal(problem, 422)):
        assert type(back) is type(error)
        assert (str(back), vars(back)) == (str(error), vars(error))


def test_what_another_version_says_is_no_crash() -> None:
    assert read_event("Sculpted", "{}") is None
    for data in ("{}", "[]", "nonsense", '{"error": "Unheard", "message": "", "extras": {}}'):
        with pytest.raises(WorkerLost, match="another version"):
            read_event("Failed", data)
    assert isinstance(refusal({"detail": "No.", "error": "Unheard"}, 422), WorkerLost)
    assert "418" in str(refusal({}, 418))

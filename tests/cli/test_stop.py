"""A request to stop is heeded, even when the exception it raised was lost."""

from __future__ import annotations

import io
import os
import signal
from collections.abc import Iterator

import pytest

from baoxue.cli.bar import progress_on
from baoxue.cli.stop import Stop
from baoxue.cli.words import Language, Say

SIGNALS = [signal.SIGINT, signal.SIGTERM]


@pytest.fixture
def stop() -> Iterator[Stop]:
    before = {number: signal.getsignal(number) for number in SIGNALS}
    stop = Stop()
    stop.listen()
    yield stop
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("sent", SIGNALS)
def test_a_stop_that_was_swallowed_comes_again_with_the_next_progress(stop: Stop, sent: signal.Signals) -> None:
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), sent)
    stream = io.StringIO()
    with pytest.raises(KeyboardInterrupt), progress_on(Say(Language.ZH), stream, stop.check) as tell:
        tell("比对", 1, 2)
    assert stop.signal == sent
    assert stream.getvalue() == ""


def test_work_that_nobody_stops_goes_on(stop: Stop) -> None:
    stop.check()
    assert stop.signal is None

import asyncio
import pickle
from pathlib import Path

from qa_audit.transcribe.job import Job
from qa_audit.transcribe.ray_actors import Attempt, Desk, answers_in

ONE, TWO = (Job(f"k-{name}", name, Path(f"{name}.wav"), "2026-10") for name in ("one", "two"))


def test_the_desk_gives_each_place_again_and_waits_for_those_to_come():
    async def work():
        desk = Desk({})
        waiting = asyncio.create_task(desk.at(1))
        assert [await desk.give(ONE), await desk.give(TWO)] == [0, 1]
        assert await waiting == Attempt(1, TWO)
        assert await desk.at(0) == await desk.at(0) == Attempt(0, ONE)
        late = asyncio.create_task(desk.at(2))
        await asyncio.sleep(0)
        await desk.close()
        assert await late is None
        assert await desk.at(0) == Attempt(0, ONE)

    asyncio.run(work())


def test_work_is_begun_once_a_place_and_kind():
    async def work():
        desk = Desk({})
        return [await desk.begin(*one) for one in (("read", 0), ("decode", 0), ("read", 0), ("read", 1))]

    assert asyncio.run(work()) == [True, True, False, True]


def test_no_more_processes_start_than_were_allowed_for_their_work():
    async def work():
        desk = Desk({"read": 1, "decode": 2})
        return [await desk.start(kind) for kind in ("read", "decode", "read", "decode", "decode")]

    assert asyncio.run(work()) == [True, True, False, True, False]


def test_what_comes_home_is_what_was_sent():
    assert answers_in({"pickled": [pickle.dumps("a"), memoryview(pickle.dumps("b"))]}) == ["a", "b"]

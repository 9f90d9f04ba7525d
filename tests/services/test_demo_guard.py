"""Demo logins open the door on this machine only."""

from __future__ import annotations

import pytest

from planner.models.settings import Setting
from planner.services.installation import demo_guard

DEMO_PERSON, SOMEBODY = 1, 2


@pytest.fixture
def demo(session):
    session.add(Setting(key=demo_guard.KEY, value={"people": [DEMO_PERSON]}))
    session.flush()
    return session


@pytest.mark.parametrize(
    ("address", "is_forwarded", "refused"),
    [
        ("127.0.0.1", False, False),
        ("::1", False, False),
        ("192.168.1.20", False, True),
        ("not an address", False, True),
        ("127.0.0.1", True, True),
    ],
)
def test_demo_people_sign_in_from_this_machine_only(demo, address, is_forwarded, refused):
    assert demo_guard.refuses(demo, DEMO_PERSON, address, is_forwarded, is_allowed=False) is refused


def test_the_setting_lets_demo_people_in_from_anywhere(demo):
    assert not demo_guard.refuses(demo, DEMO_PERSON, "192.168.1.20", False, is_allowed=True)


def test_other_people_sign_in_from_anywhere(demo):
    assert not demo_guard.refuses(demo, SOMEBODY, "192.168.1.20", False, is_allowed=False)


def test_a_database_without_a_demo_refuses_nobody(session):
    assert not demo_guard.is_demo(session)
    assert not demo_guard.refuses(session, DEMO_PERSON, "192.168.1.20", False, is_allowed=False)

"""What the phone says by itself, in the person's language; ``{n}``, ``{what}`` … are filled in there.

A pair is one and many.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext, ngettext

from planner.domain.outbox import MOST_PHOTOS

Words = Mapping[str, object]

N = "{n}"
ONE, MANY = 1, 2


def words() -> Words:
    return {**_sign(), **_saving(), **_app(), "kinds": _kinds()}


def _sign() -> Words:
    counts = (ONE, MANY)
    return {
        "sent": gettext("All sent"),
        "waiting": [ngettext("%(n)s waiting", "%(n)s waiting", count, n=N) for count in counts],
        "signIn": [
            ngettext("Sign in to send %(n)s item", "Sign in to send %(n)s items", count, n=N)
            for count in counts
        ],
        "trouble": [ngettext("%(n)s needs you", "%(n)s need you", count, n=N) for count in counts],
        "leaving": [
            ngettext(
                "%(n)s item is not sent yet. It stays on this phone until you sign in here again."
                " Sign out all the same?",
                "%(n)s items are not sent yet. They stay on this phone until you sign in here again."
                " Sign out all the same?",
                count,
                n=N,
            )
            for count in counts
        ],
        "cannotLeave": gettext("There is no network, so you cannot sign out just now."),
    }


def _saving() -> Words:
    return {
        "saved": gettext("Saved."),
        "savedHere": gettext("Saved on this phone. It is sent as soon as there is a network."),
        "here": gettext("Saved on this phone."),
        "isHere": gettext("%(what)s, saved on this phone", what="{what}"),
        "isSent": gettext("%(what)s, sent", what="{what}"),
        "noPicture": gettext("This photo cannot be read. Take another one, or save without it."),
        "photoMany": gettext("At most %(most)s photos at once.", most=MOST_PHOTOS),
        "notKept": gettext(
            "This could not be kept on this phone. What you wrote is still here: with a network, tap again to"
            " send it at once."
        ),
        "noRoom": gettext(
            "This phone has no room left, so nothing can be kept on it. What you wrote is still here:"
            " with a network, tap again to send it at once."
        ),
        "scarce": gettext(
            "This phone has hardly any room left: what you write may not be kept. Send what waits, or make"
            " room, before you go on."
        ),
        "draft": gettext("What you had typed is back."),
    }


def _app() -> Words:
    return {
        "ready": gettext("Ready offline, %(at)s", at="{at}"),
        "newVersion": gettext("New version: reload"),
        "newer": gettext("There are changes."),
        "showNewer": gettext("Show them"),
        "tooLarge": gettext(
            "This is larger than what lies between the phone and Rounds lets through. It stays here: save it"
            " as a file, and tell your admin."
        ),
        "notNow": gettext(
            "That needs a network, and no answer came. Look whether it arrived before you tap it again."
        ),
        "otherDay": gettext(
            "Today is not on this phone, and there is no network. Here is what is nearest to it."
        ),
        "notHere": gettext("That page is not on this phone, and there is no network. Here is your day."),
    }


def _kinds() -> Words:
    return {
        "arrived": gettext("Arrived"),
        "left": gettext("Left"),
        "undo": gettext("Undone"),
        "done": gettext("Visit done"),
        "missed": gettext("Visit missed"),
        "skipped": gettext("Visit skipped"),
        "note": gettext("Note"),
        "expense": gettext("Expense"),
        "order": gettext("Order of the day"),
        "close": gettext("Day closed"),
        "follow_up": gettext("Follow-up"),
    }

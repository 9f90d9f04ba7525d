"""A proposed version against what stands; publishing it, and taking that back."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner import clock
from planner.database import reading, transaction
from planner.services.schedule import (
    published_difference,
    publishing,
    unpublishing,
    version_difference,
    version_review,
)
from planner.services.schedule.runs import RunKind
from planner.services.schedule.version_review import Review
from planner.web.schedule import difference_words, published_words
from planner.web.schedule.blueprint import schedule, today
from planner.web.schedule.difference_words import Told
from planner.web.schedule.runs import ask
from planner.web.signin import actor


@schedule.get("/versions/<int:version_id>")
def version(version_id: int) -> ResponseReturnValue:
    review = version_review.review(reading(), actor(), version_id, today())
    return render_template("schedule/version.html", review=review, difference=_difference(review))


def _difference(review: Review) -> Told | None:
    """Of a proposal what it would change, of a published plan what it did."""
    if review.can_publish:
        return difference_words.told(version_difference.difference(reading(), review, today()))
    found = published_difference.difference(reading(), review.version)
    return published_words.told(found) if found else None


@schedule.post("/versions/<int:version_id>/publish")
def publish(version_id: int) -> ResponseReturnValue:
    with transaction() as session:
        done = publishing.publish(session, actor(), clock.now(), today(), version_id)
    flash(gettext("Published. The days are being solved along the streets."), "good")
    return after(done, version_id)


@schedule.post("/versions/<int:version_id>/undo")
def undo(version_id: int) -> ResponseReturnValue:
    with transaction() as session:
        done = unpublishing.undo(session, actor(), clock.now(), today(), version_id)
    flash(gettext("Taken back: the visits stand as before."), "good")
    return after(done, version_id)


def after(done: publishing.Published, version_id: int) -> ResponseReturnValue:
    """Have the changed days solved, and show that."""
    if not done.days:
        return redirect(url_for("schedule.index", rep=done.rep_id))
    run_id = ask(done.rep_id, RunKind.ROUTES, min(done.days))
    return redirect(url_for("schedule.run", run_id=run_id))

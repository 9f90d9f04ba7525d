"""The forms of a stop: the visit report, and why a visit was missed or skipped."""

from __future__ import annotations

from uuid import uuid4

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import DateField, HiddenField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from planner.domain.visits import NotHeldReason, Outcome
from planner.services.days.notes import LONGEST_NOTE
from planner.services.days.stops import StopPage
from planner.services.days.visits import LONGEST_NEXT_STEP, Report
from planner.web.forms.follow_ups import QuickField
from planner.web.words import WORDS

SEE_AGAIN = (
    SelectChoice("", lazy_gettext("As usual")),
    SelectChoice("7", lazy_gettext("In 1 week")),
    SelectChoice("14", lazy_gettext("In 2 weeks")),
    SelectChoice("28", lazy_gettext("In 4 weeks")),
)
NO_LABEL = ""
"""Without one WTForms translates a name that nobody reads, for each item that a phone sends."""


class ReportForm(FlaskForm):
    """``uid`` is made with the page, so that sending the form twice stores one note."""

    uid = HiddenField(NO_LABEL, default=lambda: str(uuid4()))
    outcome = RadioField(
        lazy_gettext("What came of it?"),
        choices=[SelectChoice(outcome.value, WORDS[Outcome][outcome]) for outcome in Outcome],
        validators=[InputRequired(lazy_gettext("Choose what came of the visit."))],
    )
    note = TextAreaField(
        lazy_gettext("Note"),
        validators=[Length(max=LONGEST_NOTE, message=lazy_gettext("At most %(max)d characters."))],
    )
    next_step = StringField(
        lazy_gettext("Next step"),
        validators=[Length(max=LONGEST_NEXT_STEP, message=lazy_gettext("At most %(max)d characters."))],
    )
    next_by = DateField(lazy_gettext("Next step by (optional)"), validators=[Optional()])
    next_in = QuickField()
    photos = MultipleFileField(lazy_gettext("Photos"))
    see_again = RadioField(lazy_gettext("See again"), choices=list(SEE_AGAIN), default="")

    def fill(self, stop: StopPage) -> None:
        """Show what was reported before, should the report be opened again."""
        self.outcome.data = stop.visit.outcome.value if stop.visit.outcome else None
        self.next_step.data, self.next_by.data = stop.next_step, stop.next_by
        self.see_again.data = str(stop.see_again_days or "")

    def report(self) -> Report:
        return Report(
            uid=self.uid.data or "",
            outcome=Outcome(self.outcome.data),
            note=self.note.data or "",
            next_step=self.next_step.data or "",
            see_again_days=int(self.see_again.data) if self.see_again.data else None,
            next_by=self.next_by.data,
            next_in=self.next_in.quick,
        )


class NoteForm(FlaskForm):
    """A note on its own, before, during or long after the visit."""

    uid = HiddenField(NO_LABEL, default=lambda: str(uuid4()))
    text = TextAreaField(
        lazy_gettext("Note"),
        validators=[Length(max=LONGEST_NOTE, message=lazy_gettext("At most %(max)d characters."))],
    )
    photos = MultipleFileField(lazy_gettext("Photos"))

    def is_empty(self, has_photos: bool) -> bool:
        """Says so at the field when there is nothing to keep."""
        if has_photos or (self.text.data or "").strip():
            return False
        self.text.errors = [gettext("Write the note first.")]
        return True


class NotHeldForm(FlaskForm):
    reason = RadioField(
        lazy_gettext("Why?"),
        choices=[SelectChoice(reason.value, WORDS[NotHeldReason][reason]) for reason in NotHeldReason],
        validators=[InputRequired(lazy_gettext("Say why, in one tap."))],
    )

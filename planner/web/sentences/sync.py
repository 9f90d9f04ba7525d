"""Sentences about what phones send, and photos."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

SENTENCES: dict[str, LazyString | str] = {
    "sync_body": lazy_gettext("What the phone sent cannot be read. Open the page again; nothing was lost."),
    "sync_many": lazy_gettext("At most %(most)s entries can be sent at once."),
    "sync_item": lazy_gettext("This entry is damaged (%(name)s) and cannot be stored."),
    "sync_changed": lazy_gettext("This was changed meanwhile by somebody else."),
    "sync_failed": lazy_gettext(
        "This entry could not be stored: it went wrong on our side. It stays on the phone; tell your admin."
    ),
    "photo_many": lazy_gettext("At most %(most)s photos at once."),
    "photo_unnamed": lazy_gettext(
        "%(most)s photos came within a day that belong to nothing saved. No more are taken before tomorrow."
    ),
    "photo_hash": lazy_gettext("The photo was damaged on the way. It is sent again."),
    "sync_visit_gone": lazy_gettext(
        "The visit is no longer yours, so it was not reported. Your note is kept with the account."
    ),
    "sync_expense_asked": lazy_gettext(
        "The expense is saved. It is over the cap, lacks a receipt or looks entered twice: the log says "
        "what the reviewer will see."
    ),
    "sync_note_to_account": lazy_gettext("The visit is no longer yours; your note is kept with the account."),
}

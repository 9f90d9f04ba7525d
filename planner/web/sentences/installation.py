"""Sentences about signing in, settings, backups, and what any form can be wrong about."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

SENTENCES: dict[str, LazyString | str] = {
    "backup_not_sqlite": lazy_gettext(
        "This database is %(database)s: back it up with its own tools, as docs/operations.md shows."
    ),
    "backup_exists": lazy_gettext("%(path)s is there already; nothing was written over it."),
    "backup_unreadable": lazy_gettext("%(path)s is not a whole backup: %(why)s."),
    "backup_altered": lazy_gettext("%(path)s in the backup is not what was stored."),
    "backup_broken": lazy_gettext("Not restored: %(what)s does not hold (%(why)s)."),
    "email_bad": lazy_gettext("This is not an e-mail address."),
    "email_taken": lazy_gettext("Somebody signs in with this address already."),
    "last_admin": lazy_gettext("This is the last admin. Make somebody else admin first."),
    "own_person": lazy_gettext("You cannot shut yourself out. Another admin can."),
    "zone_unknown": lazy_gettext("%(zone)s is not a time zone."),
    "currency_unknown": lazy_gettext("%(currency)s is not a currency."),
    "login_wrong": lazy_gettext("This e-mail and password do not belong together."),
    "login_throttled": lazy_gettext("Too many tries. Wait %(minutes)s min, then try again."),
    "demo_login_remote": lazy_gettext(
        "Demo logins work only on the machine that runs Rounds, unless an admin allows more in the settings."
    ),
    "password_wrong": lazy_gettext("This is not your present password."),
    "password_short": lazy_gettext("A password has at least %(length)s characters."),
    "password_long": lazy_gettext("A password has at most %(length)s characters."),
    "admin_exists": lazy_gettext("There is an admin already. Ask them for an invitation."),
    "name_missing": lazy_gettext("A name is needed."),
    "setting_range": lazy_gettext("Allowed: %(allowed)s."),
    "rush_line": lazy_gettext(
        "“%(line)s” cannot be read. Write from, to and percentages, such as 07:00-09:00 70 80 90."
    ),
    "rush_percent": lazy_gettext("“%(line)s”: allowed are %(least)s to %(most)s percent."),
    "rush_overlap": lazy_gettext("Two of these times overlap."),
    "rush_many": lazy_gettext("At most %(most)s lines."),
    "tile_url_bad": lazy_gettext(
        "Write an https address, or a path of this site, with {z}, {x} and {y} once each and no other "
        "braces, such as https://tiles.example.org/{z}/{x}/{y}.png; at most %(longest)s characters."
    ),
    "tile_attribution_missing": lazy_gettext(
        "Write whom the maps must name, such as “© OpenStreetMap contributors”: "
        "whoever serves tiles asks for it."
    ),
    "not_found": lazy_gettext("This does not exist, or it is not yours to see."),
    "constraint": lazy_gettext(
        "Somebody else has just saved something that stands against this. Reload and try again."
    ),
    "form_field": "%(said)s",
    "bad_uid": lazy_gettext("This form is damaged: open it again."),
    "uid_taken": lazy_gettext("This form was sent before with other content. Open it again."),
    "retention_range": lazy_gettext("Write days, from %(least)s to %(most)s."),
}

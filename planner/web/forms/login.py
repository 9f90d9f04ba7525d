"""Forms around signing in: credentials, choosing a password, the profile, the first admin."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, EqualTo, Length, Regexp

from planner.services.company.passwords import LONGEST, SHORTEST
from planner.web.languages import NAMES

EMAIL = Regexp(r"^[^@\s]+@[^@\s]+\.[^@\s]+$", message=lazy_gettext("This is not an e-mail address."))


def stripped(value: str | None) -> str | None:
    return value.strip() if value else value


def needed() -> DataRequired:
    return DataRequired(lazy_gettext("Fill this in."))


def new_password() -> PasswordField:
    return PasswordField(
        lazy_gettext("New password"),
        validators=[
            needed(),
            Length(
                SHORTEST,
                LONGEST,
                lazy_gettext("Between %(min)s and %(max)s characters.", min=SHORTEST, max=LONGEST),
            ),
        ],
        render_kw={"autocomplete": "new-password", "minlength": SHORTEST},
    )


def password_again() -> PasswordField:
    return PasswordField(
        lazy_gettext("The same again"),
        validators=[needed(), EqualTo("password", lazy_gettext("The two are not the same."))],
        render_kw={"autocomplete": "new-password"},
    )


class LoginForm(FlaskForm):  # type: ignore[misc]
    email = EmailField(
        lazy_gettext("E-mail"),
        filters=[stripped],
        validators=[needed(), Length(max=254)],
        render_kw={"autocomplete": "username", "autofocus": True},
    )
    password = PasswordField(
        lazy_gettext("Password"),
        validators=[needed()],
        render_kw={"autocomplete": "current-password"},
    )


class ChoosePasswordForm(FlaskForm):  # type: ignore[misc]
    password = new_password()
    again = password_again()


class FirstAdminForm(ChoosePasswordForm):
    name = StringField(lazy_gettext("Your name"), filters=[stripped], validators=[needed(), Length(max=120)])
    email = EmailField(
        lazy_gettext("E-mail"),
        filters=[stripped],
        validators=[needed(), EMAIL, Length(max=254)],
        render_kw={"autocomplete": "username"},
    )


class ChangePasswordForm(ChoosePasswordForm):
    current = PasswordField(
        lazy_gettext("Present password"),
        validators=[needed()],
        render_kw={"autocomplete": "current-password"},
    )


class ProfileForm(FlaskForm):  # type: ignore[misc]
    name = StringField(lazy_gettext("Name"), filters=[stripped], validators=[needed(), Length(max=120)])
    locale = SelectField(lazy_gettext("Language"))
    distance_unit = RadioField(
        lazy_gettext("Distances in"),
        choices=[SelectChoice("km", lazy_gettext("kilometres")), SelectChoice("mi", lazy_gettext("miles"))],
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        ours = [SelectChoice(language.value, name) for language, name in NAMES.items()]
        self.locale.choices = [SelectChoice("", lazy_gettext("As the browser asks")), *ours]

"""Signing in and out, the links that work once, and a person's own profile and devices."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user, login_user, logout_user

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Invalid, NotAllowed
from planner.services.company import logins, passwords, throttle, tokens
from planner.services.installation import settings
from planner.web.devices import label
from planner.web.errors import sentence
from planner.web.forms.login import ChoosePasswordForm, FirstAdminForm, LoginForm
from planner.web.signin import load_user, signed_in

auth = Blueprint("auth", __name__)


@auth.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(safe_next())
    form, trouble = LoginForm(), ""
    if form.validate_on_submit():
        try:
            _enter(_credentials_to_token(form.email.data.lower(), form.password.data))
            return redirect(safe_next())
        except (Invalid, NotAllowed) as error:
            trouble = sentence(error)
    company = settings.read(reading()).company_name
    return render_template("auth/login.html", form=form, trouble=trouble, company=company)


@auth.post("/logout")
def logout() -> ResponseReturnValue:
    session_id = signed_in().session_id
    with transaction() as writing:
        logins.revoke_session(writing, session_id, clock.now())
    logout_user()
    session.clear()
    return redirect(url_for("auth.login"))


@auth.route("/invitation/<token>", methods=["GET", "POST"])
def invitation(token: str) -> ResponseReturnValue:
    person, form = tokens.invited(reading(), token, clock.now()), ChoosePasswordForm()
    if not form.validate_on_submit():
        return render_template("auth/invitation.html", form=form, person=person)
    password_hash, now = passwords.hashed(form.password.data), clock.now()
    with transaction() as writing:
        person_id = tokens.accept(writing, token, password_hash, now)
        login_token = logins.open_session(writing, person_id, _device(), now)
    _enter(login_token)
    return redirect(url_for("home.index"))


@auth.route("/first-admin/<token>", methods=["GET", "POST"])
def first_admin(token: str) -> ResponseReturnValue:
    tokens.check_first_admin(reading(), token, clock.now())
    form = FirstAdminForm()
    if not form.validate_on_submit():
        return render_template("auth/first_admin.html", form=form)
    password_hash, now = passwords.hashed(form.password.data), clock.now()
    with transaction() as writing:
        person_id = tokens.make_first_admin(
            writing, token, form.name.data, form.email.data, password_hash, now
        )
        login_token = logins.open_session(writing, person_id, _device(), now)
    _enter(login_token)
    flash(gettext("Welcome. Next: territories, people, then import your accounts."), "good")
    return redirect(url_for("admin.index"))


def safe_next() -> str:
    """Where to go after signing in: a path on this site, never another host."""
    target = request.args.get("next", "")
    parts = urlsplit(target)
    is_own = target.startswith("/") and not target.startswith("//") and not (parts.scheme or parts.netloc)
    plain = "\\" not in target and target.isprintable()
    return target if is_own and plain else url_for("home.index")


def _credentials_to_token(email: str, password: str) -> str:
    """A new session's token. Raises NotAllowed("login_throttled"), and what ``recognise`` raises."""
    address = request.remote_addr or ""
    with transaction() as writing:
        attempt = throttle.begin(writing, email, address, clock.now())
    if attempt.attempt_id is None:
        raise NotAllowed("login_throttled", minutes=-(-attempt.wait_seconds // 60))
    is_forwarded = "X-Forwarded-For" in request.headers
    person_id = logins.recognise(reading(), email, password, address, is_forwarded)
    with transaction() as writing:
        return logins.sign_in(writing, attempt.attempt_id, person_id, _device(), clock.now())


def _enter(token: str) -> None:
    """Begin a fresh browser session: nothing a stranger may have planted in the old one survives."""
    session.clear()
    session.permanent = True
    login_user(load_user(token))


def _device() -> str:
    return label(request.user_agent.string)

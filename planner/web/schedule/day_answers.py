"""The days a visit may be dropped on, in words for the calendar: minutes, rule, and what to ask first."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext

from planner.services.schedule.other_days import Choices, DayChoice
from planner.web.formats import day, duration
from planner.web.schedule.blueprint import schedule
from planner.web.schedule.finding import rule_against, tone
from planner.web.schedule.words import day_off

MINUTE = 60


@dataclass(frozen=True, slots=True)
class DayAnswer:
    """A day of the calendar. ``tone`` is a colour of a detour, or ``blocked``; ``asks`` is what to ask before
    a drop there, "" for nothing; ``label`` says all of it to who does not see the calendar."""

    on: str
    tone: str
    can_be: bool
    minutes: str
    than_now: str
    rule: str
    asks: str
    label: str


@dataclass(frozen=True, slots=True)
class VisitAnswer:
    """``on`` is the visit's day now; ``says`` what stands below the calendar meanwhile."""

    on: str
    says: str
    days: tuple[DayAnswer, ...]


def answer(choices: Choices) -> VisitAnswer:
    current = choices.current
    return VisitAnswer(
        on=choices.visit_on.isoformat() if choices.visit_on else "",
        says=_says(choices, current),
        days=tuple(_day(choice, current) for choice in choices.days),
    )


@schedule.app_template_filter()
def than_now(choice: DayChoice, current: DayChoice | None) -> str:
    """``25 min less``, ``1 h more``, ``as now``; "" where one of both is not known."""
    if current is None or current.seconds is None or choice.seconds is None:
        return ""
    more = choice.seconds - current.seconds
    if abs(more) < MINUTE:
        return gettext("as now")
    said = {"time": duration(abs(more))}
    return gettext("%(time)s more", **said) if more > 0 else gettext("%(time)s less", **said)


def _says(choices: Choices, current: DayChoice | None) -> str:
    said = {"name": choices.account_name, "day": day(choices.visit_on)}
    if current is None or current.seconds is None:
        return gettext("%(name)s, now on %(day)s. Choose a day.", **said)
    return gettext(
        "%(name)s, now on %(day)s, adds %(time)s. Choose a day.", time=duration(current.seconds), **said
    )


def _day(choice: DayChoice, current: DayChoice | None) -> DayAnswer:
    is_now = current is not None and choice.on == current.on
    rule = "" if is_now else _rule(choice)
    minutes = "" if choice.seconds is None else f"+{duration(choice.seconds)}"
    compared = gettext("now") if is_now else than_now(choice, current)
    return DayAnswer(
        on=choice.on.isoformat(),
        tone="blocked" if choice.seconds is None else tone(choice.seconds),
        can_be=is_now or choice.seconds is not None,
        minutes=minutes,
        than_now=compared,
        rule=rule,
        asks=gettext("%(day)s: %(rule)s. Move the visit there all the same?", day=day(choice.on), rule=rule)
        if rule and choice.seconds is not None
        else "",
        label=", ".join(filter(None, (day(choice.on, "EEEE d MMMM"), minutes, compared, rule))),
    )


def _rule(choice: DayChoice) -> str:
    if choice.blocked == "day_off":
        return day_off(choice.work_day)
    if choice.blocked:
        return rule_against(choice)
    return gettext("Breaks the latest gap") if choice.breaks_promise else ""

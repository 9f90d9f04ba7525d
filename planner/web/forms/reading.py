"""A text field whose text is read by a rule of the domain: its value, or the rule's sentence at the field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wtforms import Form, StringField
from wtforms.validators import ValidationError

from planner.domain.errors import Invalid
from planner.web.errors import sentence


class ReadField(StringField):
    """``value`` is what ``read`` made of the text; None for empty text."""

    def __init__(self, label: Any = None, read: Callable[[str], Any] = str, **options: Any) -> None:
        super().__init__(label, **options)
        self.read = read
        self.value: Any = None

    def pre_validate(self, form: Form) -> None:
        self.value = None
        text = (self.data or "").strip()
        if not text:
            return
        try:
            self.value = self.read(text)
        except Invalid as error:
            raise ValidationError(sentence(error)) from None

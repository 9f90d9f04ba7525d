"""A form within a form."""

from __future__ import annotations

from typing import Any

from flask_wtf.i18n import translations
from wtforms import Form


class Part(Form):
    """What WTForms itself says of its fields is in the page's language, as it is in a whole form."""

    class Meta:
        def get_translations(self, form: Any) -> Any:
            return translations

"""Text as it is compared: small letters without accents, abbreviations brought to one form.

The same rules make the index and read the question, so that they need not be right, only the same:
``st`` is street and saint alike, ``ue`` and ``ü`` are both ``u``.
"""

from __future__ import annotations

import re
import unicodedata

WORD = re.compile(r"\d+[a-z]{0,2}(?:\s?[-/]\s?\d+[a-z]?)*(?![a-z0-9])|[^\W_]+")
"""A number with its letter or range, or a run of letters and digits."""

TWO_FOR_ONE = re.compile(r"([aou])e")

NO_DECOMPOSITION = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "a", "œ": "o", "ı": "i"})


def folded(text: str) -> str:
    """Small letters without accents; a doubled vowel written for an umlaut counts as the umlaut."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(NO_DECOMPOSITION))
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return TWO_FOR_ONE.sub(r"\1", plain)


def _set(text: str) -> frozenset[str]:
    return frozenset(folded(text).split())


_FORMS = {
    "street": "st saint sankt sint",
    "santa": "sta",
    "road": "rd",
    "avenue": "avenida av ave avda avd",
    "drive": "dr drv doctor doktor",
    "lane": "ln",
    "court": "ct crt",
    "place": "pl plaza platz plads plein plz pza piazza praca",
    "square": "sq sqr",
    "boulevard": "blvd bvd bd bulevar",
    "highway": "hwy",
    "parkway": "pkwy pky",
    "circle": "cir circ",
    "terrace": "terr ter",
    "trail": "trl",
    "calle": "c cll",
    "pasaje": "pje psje psj pasj",
    "camino": "cno cam",
    "carretera": "ctra carr",
    "alameda": "alda",
    "allee": "al alle",
    "rue": "r rua",
    "strasse": "str strase",
    "west": "w oeste ouest",
    "north": "n norte nord",
    "south": "s sur sud",
    "east": "e este ost",
    "general": "gral gen",
    "presidente": "pdte pres pte",
    "coronel": "cnel crnl",
    "teniente": "tte tnte",
    "capitan": "captain cap capt",
    "almirante": "alm alte",
    "sargento": "sgto",
    "profesor": "professor prof",
    "mount": "mt",
    "fort": "ft",
    "heights": "hts",
}
"""One form for several words: the long one, so that it may be misspelled too."""

KINDS_OF_STREET = _set(
    "street road avenue drive lane court place square boulevard highway parkway circle terrace trail calle "
    "pasaje camino carretera alameda allee rue strasse way weg gasse gata gade via viale triq vicolo steig "
    "close crescent grove row walk alley loop run path"
)
"""Words that say what kind of street it is: many share them, and people leave them out."""

SMALL_WORDS = _set(
    "the of and de del la las el los y da do dos das du des le les der die das dem den von vom zu zum "
    "zur am im an in auf bei di dei della delle il lo ta tal"
)

HOUSE_MARKS = _set("no nr n num numero nummer")
"""Before a number: it says that this is the house number, and nothing else."""

UNIT_MARKS = _set(
    "apt apartment suite ste unit floor fl piso depto dpto departamento of oficina local lote etage stock "
    "top tur local bloque torre int interior room flat"
)
"""Before a number: that number is a door inside the house."""

ORDINAL = re.compile(r"\d+(?:st|nd|rd|th|er|ra|do|da|ro|ta|to|a|o)")

FORMS = {folded(word): folded(form) for form, words in _FORMS.items() for word in words.split()}


def words(text: str) -> list[str]:
    """The words of a name or a question, each in its one form; numbers keep their letter (``12a``)."""
    plain = folded(text).replace("'", "").replace("’", "").replace("`", "").replace(".", " ")
    return [_form(re.sub(r"\s", "", word)) for word in WORD.findall(plain)]


def is_number(word: str) -> bool:
    """Whether a word can be a house number; ``5th`` is a name."""
    return word[:1].isdigit() and not (ORDINAL.fullmatch(word) and not re.fullmatch(r"\d+[ao]", word))


def weight(word: str) -> float:
    """How much a word tells about which street is meant."""
    if word in KINDS_OF_STREET:
        return 0.1
    return 0.15 if word in SMALL_WORDS else 1.0


def _form(word: str) -> str:
    if word in FORMS:
        return FORMS[word]
    # German writes the kind of street into the name: Hauptstr., Hauptstraße.
    return f"{word}asse" if word.endswith("str") else word

"""Which column of a file is which: headings in English, Spanish and German, or chosen by the person.

A mapping is ``{Column: index of the file's column}``, counted from 0.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum

from planner.domain.errors import Invalid


class Column(StrEnum):
    """What a column of an import file may hold; also the headings of the template, in this order."""

    EXTERNAL_ID = "external_id"
    NAME = "name"
    KIND = "kind"
    ACCOUNT_CLASS = "class"
    INDUSTRY = "industry"
    TAGS = "tags"
    ADDRESS = "address"
    CITY = "city"
    POSTCODE = "postcode"
    LAT = "latitude"
    LON = "longitude"
    PHONE = "phone"
    VALUE = "value"
    POTENTIAL = "potential"
    CADENCE = "cadence"
    VISIT_MINUTES = "visit_minutes"
    HOURS = "opening_hours"
    PARKING_HINT = "parking_hint"
    TERRITORY = "territory"
    OWNER = "owner"
    CONTACT_NAME = "contact_name"
    CONTACT_PHONE = "contact_phone"
    CONTACT_EMAIL = "contact_email"


SYNONYMS = {
    Column.EXTERNAL_ID: (
        "id, external id, account id, account number, customer id, customer number, customer no, "
        "code, codigo, codigo cliente, numero cliente, n cliente, id cliente, kundennummer, "
        "kunden nr, kundennr, nummer"
    ),
    Column.NAME: (
        "name, account, account name, customer, customer name, company, company name, nombre, "
        "cliente, nombre cliente, razon social, nombre fantasia, firma, kunde, kundenname, "
        "unternehmen"
    ),
    Column.KIND: "kind, type, account type, tipo, tipo cliente, typ, art, status, estado",
    Column.ACCOUNT_CLASS: (
        "class, account class, rank, priority, abc, clase, clasificacion, categoria, klasse, "
        "abc klasse, prioritat"
    ),
    Column.INDUSTRY: "industry, trade, sector, segment, rubro, giro, industria, branche, gewerbe",
    Column.TAGS: "tags, needs, labels, etiquetas, necesidades, schlagworte, bedarf",
    Column.ADDRESS: (
        "address, street, street address, direccion, calle, domicilio, adresse, strasse, anschrift"
    ),
    Column.CITY: "city, town, ciudad, comuna, localidad, stadt, ort",
    Column.POSTCODE: "postcode, postal code, zip, zip code, codigo postal, cp, plz, postleitzahl",
    Column.LAT: "latitude, lat, latitud, y, breitengrad, breite",
    Column.LON: "longitude, lon, lng, long, longitud, x, langengrad, lange",
    Column.PHONE: "phone, telephone, phone number, mobile, telefono, fono, celular, telefon, mobil",
    Column.VALUE: ("value, revenue, sales, turnover, annual value, valor, ventas, facturacion, umsatz, wert"),
    Column.POTENTIAL: "potential, potencial, potenzial",
    Column.CADENCE: (
        "cadence, frequency, visit frequency, visit interval, interval, frecuencia, cadencia, "
        "frecuencia visita, besuchsrhythmus, rhythmus, intervall, haufigkeit"
    ),
    Column.VISIT_MINUTES: (
        "visit minutes, visit length, duration, visit duration, minutes, duracion, "
        "duracion visita, minutos, besuchsdauer, dauer, minuten"
    ),
    Column.HOURS: (
        "opening hours, hours, business hours, horario, horario atencion, horarios, offnungszeiten"
    ),
    Column.PARKING_HINT: "parking hint, parking, estacionamiento, parken, parkplatz",
    Column.TERRITORY: "territory, region, area, zone, territorio, zona, gebiet, bezirk",
    Column.OWNER: (
        "owner, rep, sales rep, salesperson, owner email, rep email, responsable, vendedor, "
        "ejecutivo, vendedor email, vertreter, aussendienst, betreuer"
    ),
    Column.CONTACT_NAME: "contact name, contact, contact person, contacto, nombre contacto, ansprechpartner",
    Column.CONTACT_PHONE: "contact phone, telefono contacto, telefon ansprechpartner",
    Column.CONTACT_EMAIL: "contact email, email, e mail, mail, correo, correo electronico, email contacto",
}


FILLING = frozenset(["de", "del", "la", "el", "der", "des", "of", "the"])


def normal(heading: str) -> str:
    """Small letters and digits without accents, one space between words, no filling words."""
    decomposed = unicodedata.normalize("NFKD", heading.casefold())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    words = re.sub(r"[^a-z0-9]+", " ", plain).split()
    return " ".join(
        word for word in words if word not in {"de", "del", "la", "el", "der", "des", "of", "the"}
    )


HEADINGS = {
    normal(heading): column
    for column, headings in SYNONYMS.items()
    for heading in (*headings.split(","), column.value)
}


def recognised(headings: Sequence[str]) -> dict[Column, int]:
    """The mapping that the headings themselves suggest; the first of two equal ones counts."""
    mapping: dict[Column, int] = {}
    for index, heading in enumerate(headings):
        column = HEADINGS.get(normal(heading))
        if column is not None:
            mapping.setdefault(column, index)
    return mapping


def check_mapping(mapping: Mapping[Column, int], width: int) -> None:
    """Raises Invalid at a column without which, or with which, nothing can be imported."""
    if Column.NAME not in mapping:
        raise Invalid(Column.NAME, "import_name_unmapped")
    if (Column.LAT in mapping) != (Column.LON in mapping):
        missing = Column.LON if Column.LAT in mapping else Column.LAT
        raise Invalid(missing, "coordinates_half")
    seen: dict[int, Column] = {}
    for column, index in mapping.items():
        if not 0 <= index < width:
            raise Invalid(column, "import_column_missing")
        if index in seen:
            raise Invalid(column, "import_column_twice", other=seen[index].value)
        seen[index] = column

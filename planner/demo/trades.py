"""The trades of the demo's accounts: how their shops are called, when they are open, what they buy.

Names are made of everyday words and stand for no real business. Hours are (weekdays, opens, closes)
with Monday as 0 and whole or half hours after midnight.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

Hours = tuple[tuple[tuple[int, ...], float, float], ...]

WEEK, WORKDAYS, SATURDAY = (0, 1, 2, 3, 4, 5), (0, 1, 2, 3, 4), (5,)
NOT_MONDAY = (1, 2, 3, 4, 5)
"""Closed on Mondays, as restaurants and hairdressers are."""

OWNERS = (
    "Doña Rosa", "Don Lucho", "Doña Juanita", "Don Manuel", "La Vecina", "Los Compadres", "Tía Carmen",
    "Don Segundo", "Doña Elvira", "La Familia", "Don Hernán", "Las Hermanas", "Doña Silvia", "Don Raúl",
)  # fmt: skip
THINGS = (
    "El Faro", "La Esquina", "El Trigal", "Los Aromos", "El Molino", "La Ola", "Puerta del Sol", "El Ancla",
    "La Estrella", "Los Papayos", "El Mirador", "La Cumbre", "El Cactus", "Brisa Marina", "El Olivo",
    "La Ribera", "Cruz del Sur", "Valle Claro", "El Delfín", "Luna Nueva", "La Higuera", "El Roble",
    "Costa Brava", "Los Pinos", "El Quillay", "La Portada", "El Pescador", "Aguamar", "El Chañar",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trade:
    """``share`` weighs how often the trade occurs; ``value`` is the usual yearly turnover in CLP of a
    class B account; ``needs`` are tags."""

    industry: str
    sign: str
    names: tuple[str, ...]
    hours: Hours
    share: float
    value: int
    needs: tuple[str, ...] = ()
    parking: tuple[str, ...] = ()


TRADES = (
    Trade("Abarrotes", "Almacén", OWNERS + THINGS, ((WEEK, 9, 13.5), (WEEK, 15.5, 20)), 6, 2_800_000,
          ("crédito 30 días",), ("Estacionar al frente, vitrina chica",)),
    Trade("Minimarket", "Minimarket", OWNERS + THINGS, ((WEEK, 9, 20.5),), 5, 5_200_000,
          ("refrigerador", "promociones"), ("Zona de carga al costado, antes de las 11:00",)),
    Trade("Licores", "Botillería", THINGS + OWNERS, ((WEEK, 11, 21),), 3, 4_400_000,
          ("promociones",), ("Estacionar en la calle, pagado hasta las 19:00",)),
    Trade("Farmacia", "Farmacia", THINGS, ((WORKDAYS, 9, 19), (SATURDAY, 10, 14)), 2, 6_500_000,
          ("cadena de frío", "factura por correo"), ("Estacionamiento subterráneo, guardar el ticket",)),
    Trade("Ferretería", "Ferretería", THINGS + OWNERS,
          ((WORKDAYS, 9, 13.5), (WORKDAYS, 15, 18.5), (SATURDAY, 9.5, 13.5)), 3, 3_600_000,
          ("catálogo",), ("Patio detrás del local, tocar el timbre del portón",)),
    Trade("Panadería", "Panadería", THINGS + OWNERS, ((WEEK, 7.5, 13), (WEEK, 16, 20)), 4, 3_000_000,
          ("entrega temprano",), ("Aquí multan la doble fila",)),
    Trade("Restaurante", "Restaurante", THINGS,
          ((NOT_MONDAY, 10, 12.5), (NOT_MONDAY, 15.5, 18)), 4, 4_800_000,
          ("no a la hora de almuerzo",), ("Usar el estacionamiento de la costanera",)),
    Trade("Peluquería", "Peluquería", OWNERS + THINGS, ((NOT_MONDAY, 10, 19),), 3, 1_600_000, ("muestras",)),
    Trade("Veterinaria", "Veterinaria", THINGS, ((WORKDAYS, 10, 13.5), (WORKDAYS, 15.5, 19)), 2, 2_600_000,
          ("cadena de frío",)),
    Trade("Taller mecánico", "Taller", OWNERS + THINGS,
          ((WORKDAYS, 8.5, 13), (WORKDAYS, 14, 18)), 3, 2_200_000,
          ("catálogo",), ("Entrar al patio",)),
    Trade("Librería", "Librería", THINGS,
          ((WORKDAYS, 9.5, 13.5), (WORKDAYS, 15, 19), (SATURDAY, 10, 14)), 2, 1_900_000,
          ("temporada escolar",)),
    Trade("Kiosco", "Kiosco", OWNERS, ((WEEK, 8, 20),), 2, 900_000),
)  # fmt: skip


def signs(seed: str) -> Iterator[tuple[Trade, str]]:
    """Trades with a name over the door, no name twice. Ends when the names are used up."""
    rng = random.Random(seed)
    left = {trade.sign: rng.sample(trade.names, len(trade.names)) for trade in TRADES}
    open_trades = list(TRADES)
    while open_trades:
        trade = rng.choices(open_trades, weights=[trade.share for trade in open_trades])[0]
        yield trade, f"{trade.sign} {left[trade.sign].pop()}"
        if not left[trade.sign]:
            open_trades.remove(trade)

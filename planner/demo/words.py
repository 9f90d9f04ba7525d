"""What the demo's reps write after a visit, in the short way of somebody standing beside their car."""

from __future__ import annotations

from planner.domain.visits import NotHeldReason, Outcome

SPANISH: dict[Outcome, tuple[str, ...]] = {
    Outcome.ORDER: (
        "Pedido repuesto completo. Paga con transferencia.",
        "Pidió doble de lo normal por el fin de semana largo.",
        "Pedido chico, todavía tiene stock. Llamar antes de ir.",
        "Hizo pedido, quiere entrega antes de las 10.",
        "Pedido por catálogo, agregó dos productos nuevos.",
        "Buen pedido. Reclamó por dos cajas golpeadas, se descuentan.",
    ),
    Outcome.AGREED: (
        "Quedamos en exhibidor nuevo junto a la caja.",
        "Acepta la promoción del próximo mes.",
        "Acordamos cambiar la entrega a los jueves.",
        "Va a probar la línea nueva con un pedido chico.",
    ),
    Outcome.INFORMATION: (
        "Dejé lista de precios. Decide el dueño, vuelve el lunes.",
        "Preguntó por plazo a 60 días. Consultar con Marcela.",
        "La competencia pasó ayer con 8 % de descuento.",
        "Cambió de administrador, presentarse de nuevo.",
    ),
    Outcome.SERVICE: (
        "Cambié el refrigerador, el sello estaba roto.",
        "Revisé vencimientos y ordené la góndola.",
        "Retiré dos cajas en mal estado, hay guía.",
    ),
    Outcome.NO_DECISION: (
        "No estaba quien decide. Mejor en la mañana.",
        "Todavía con stock, no pidió.",
        "Mucha gente en caja, conversamos dos minutos.",
    ),
    Outcome.NOT_INTERESTED: (
        "Por ahora no, tiene otro proveedor hasta fin de año.",
        "No le interesa la línea nueva.",
    ),
}
ENGLISH: dict[Outcome, tuple[str, ...]] = {
    Outcome.ORDER: (
        "Reordered everything. Pays by transfer now.",
        "Small order, still has stock. Ring before going.",
        "Order for the long weekend, twice the usual.",
        "Ordered, wants it before ten in the morning.",
        "Good order. Two boxes came dented, to be credited.",
    ),
    Outcome.AGREED: (
        "Agreed on a display next to the till.",
        "Takes part in next month's promotion.",
        "Will try the new line with a small order.",
    ),
    Outcome.INFORMATION: (
        "Left the price list. The owner decides, back on Monday.",
        "Asked for 60 days of credit. Talk to Marcela.",
        "New manager, introduce myself again next time.",
    ),
    Outcome.SERVICE: (
        "Replaced the fridge seal.",
        "Checked dates and tidied the shelf.",
    ),
    Outcome.NO_DECISION: (
        "Who decides was out. Mornings are better.",
        "Full shelves, no order this time.",
    ),
    Outcome.NOT_INTERESTED: ("Not for now, bound to another supplier until the end of the year.",),
}
NEXT_STEPS = (
    "Send the new price list",
    "Bring samples of the new line",
    "Ask about the credit limit",
    "Photo of the display",
    "Call before the next visit",
)
NOT_HELD = {
    NotHeldReason.CLOSED: ("Cerrado con aviso en la puerta.", "Closed, a notice on the door."),
    NotHeldReason.CONTACT_AWAY: ("La dueña andaba en el médico.", "The owner was at the doctor's."),
    NotHeldReason.NO_TIME: (
        "No alcancé, se alargó la anterior.",
        "Ran out of time, the one before took long.",
    ),
    NotHeldReason.ROAD_BLOCKED: ("Calle cortada por obras.", "Street closed by road works."),
}
"""Spanish and English."""

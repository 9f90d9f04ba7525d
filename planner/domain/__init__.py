"""Rules as functions of values. Standard library and dateutil only; today and now are arguments.

Dated ranges are half-open everywhere: ``from_on`` counts, ``until_on`` does not, ``None`` is open.
"""

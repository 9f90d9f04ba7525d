"""Finding a typed address on the map: offline beside the roads, or online where settings allow it."""

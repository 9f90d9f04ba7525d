"""What phones send from their outboxes: each item carried out once, whatever becomes of the others."""

"""The demo territory: La Serena and Coquimbo, Chile, on real OpenStreetMap roads."""

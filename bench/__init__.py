"""Benchmarks: `python -m bench.NAME`. Nobody imports them; they print ratios measured side by side."""

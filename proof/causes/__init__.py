"""Learns what broken platforms look like (patterns.json of harness/causes), and measures how often causes are right."""

"""All pairs of what a purchase can be."""

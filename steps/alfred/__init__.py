"""The steps of Alfred, one module per subject."""

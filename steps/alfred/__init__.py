"""The steps of Alfred, one module or folder per subject."""

"""How the sentences of the features act: one module or folder per subject."""

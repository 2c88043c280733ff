"""How the sentences of the features act: one module per subject."""

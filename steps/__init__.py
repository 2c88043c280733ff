"""How the sentences of the features act: one module a business noun."""

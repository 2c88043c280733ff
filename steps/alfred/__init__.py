"""The steps of Alfred, one module per noun."""

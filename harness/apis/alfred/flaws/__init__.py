"""Ways to make a call of Alfred wrong, by name. Each must be rejected (contract.md A-4 to F-7).

The names are also the values of the fields in the sentences of steps/alfred.
"""

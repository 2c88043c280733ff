"""Mutation testing of the sandbox, with the features as its tests."""

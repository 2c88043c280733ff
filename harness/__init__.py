"""The machinery that steps use, and the pytest plugins of the suite."""

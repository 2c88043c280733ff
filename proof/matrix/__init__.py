"""The matrix: every scenario against every defect and every variant."""

"""Defects of whole classes of values, texts, ids, actors and moments, written for the class and not for a scenario."""

from proof.declaring import Defects
from proof.defects.classes import alfred_mixed_up, alfred_resembling, walletapi_resembling, walletapi_values

DECLARED: tuple[Defects, ...] = (
    alfred_resembling.defect,
    alfred_mixed_up.defect,
    walletapi_values.defect,
    walletapi_resembling.defect,
)

"""Defects of whole classes of values, texts, ids, actors and moments, written for the class and not for a scenario."""

from proof.declaring import Defects
from proof.defects.classes import (
    alfred_history,
    alfred_ids,
    alfred_mixed_up,
    alfred_moments,
    alfred_rejections,
    alfred_resembling,
    alfred_settled,
    alfred_states,
    alfred_together,
    walletapi_afterwards,
    walletapi_gifts,
    walletapi_history,
    walletapi_kinds,
    walletapi_moments,
    walletapi_resembling,
    walletapi_states,
    walletapi_together,
    walletapi_values,
)

DECLARED: tuple[Defects, ...] = (
    alfred_rejections.defect,
    alfred_resembling.defect,
    alfred_mixed_up.defect,
    alfred_moments.defect,
    alfred_history.defect,
    alfred_states.defect,
    alfred_together.defect,
    alfred_settled.defect,
    alfred_ids.defect,
    walletapi_values.defect,
    walletapi_resembling.defect,
    walletapi_history.defect,
    walletapi_kinds.defect,
    walletapi_moments.defect,
    walletapi_states.defect,
    walletapi_together.defect,
    walletapi_gifts.defect,
    walletapi_afterwards.defect,
)

"""Defects of Alfred, one module per subject."""

from proof.declaring import Defects
from proof.defects.alfred import (
    admin,
    charges,
    confirmations,
    credentials,
    crediting,
    funding,
    hostile,
    payments,
    purchases,
    races,
    sessions,
    statuses,
    users,
)

DECLARED: tuple[Defects, ...] = (
    users.defect,
    credentials.defect,
    purchases.defect,
    sessions.defect,
    confirmations.defect,
    charges.defect,
    funding.defect,
    crediting.defect,
    payments.defect,
    admin.defect,
    races.defect,
    statuses.defect,
    hostile.defect,
)

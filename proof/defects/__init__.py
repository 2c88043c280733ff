"""The defects: one folder per API, one module per subject. A defect is a subclass of a class of the sandbox."""

from proof.declaring import Defects
from proof.defects import alfred, classes, hostile, leaks, shapes, walletapi

DECLARED: tuple[Defects, ...] = (
    *alfred.DECLARED,
    *walletapi.DECLARED,
    *classes.DECLARED,
    leaks.alfred,
    leaks.walletapi,
    hostile.alfred,
    hostile.walletapi,
    shapes.alfred,
    shapes.walletapi,
)

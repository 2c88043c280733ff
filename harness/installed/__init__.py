"""What is installed: the versions of packages, and the commit of the suite.

It knows no other part of the suite: it runs before the packages that the suite needs are imported.
"""

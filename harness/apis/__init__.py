"""One folder per API: everything in the harness that is special to it."""

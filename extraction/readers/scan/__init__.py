"""Images of pages, read by optical character recognition, as a `Document`."""

"""PDF files with a text layer as a `Document`."""

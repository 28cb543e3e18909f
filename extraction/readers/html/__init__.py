"""Web pages: HTML, saved pages and their archives, as a `Document`."""

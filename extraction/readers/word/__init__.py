"""Word files: DOCX, and what LibreOffice turns into it, as a `Document`."""

"""From a manifest to a course site, PDFs and a calendar."""

"""Cutting PDFs and reading them back."""

"""Pure rules across files: records in, diagnostics out. No rule runs TeX or Sphinx."""

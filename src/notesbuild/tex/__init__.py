"""Running TeX and reading its log."""

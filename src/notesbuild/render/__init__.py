"""The Jinja environment, exact values, macros and escaping."""

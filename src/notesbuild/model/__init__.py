"""Frozen, validated records of what authors write. No I/O happens here."""

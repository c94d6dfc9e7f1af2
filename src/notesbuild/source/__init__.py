"""Reading what authors write: the one door to their files."""

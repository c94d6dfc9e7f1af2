"""Starting programs and publishing results."""

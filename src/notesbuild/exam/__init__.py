"""From a blueprint to paper: draw, vary, typeset, publish."""

"""Click commands, thin: parse, call the pipeline, print, exit."""

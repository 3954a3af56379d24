"""LaTeX in (`reader`) and out (`printer`)."""

"""Derivations for people: reasons in a language, and renderers for text, LaTeX, HTML and JSON."""

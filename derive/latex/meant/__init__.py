"""From terms to the statements that a claim is meant to make."""

"""From the surface tree to terms, their spaces open first and then decided."""

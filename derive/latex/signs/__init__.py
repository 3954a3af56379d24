"""From text to the surface tree: what was written, with its place, before any role is known."""

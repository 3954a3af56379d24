"""The walk from nodes to one line of notation, shared by `derive.text` and `derive.latex`."""

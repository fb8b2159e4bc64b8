"""How values look: tables, charts and drawn posters, from NumPy and plain values alone.

Nothing here knows films, viewers or models. Their types say what is drawn; pages, notebooks and the
site draw it the same way, with one set of colours.
"""

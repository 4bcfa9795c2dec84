"""The proof of a printed report: its numerals, read from the finished document, against the figures of the warehouse.

Nothing here computes a figure and nothing knows a municipality: bindings, exemption rules and values are rows of marts.
"""

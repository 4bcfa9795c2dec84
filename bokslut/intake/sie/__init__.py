"""SIE files, types 1 to 4, read and written after the public specification "SIE filformat", version 4B.

Version 4C, as far as known, changes no form.
"""

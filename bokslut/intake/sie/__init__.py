"""SIE files, types 1 to 4, read and written after the public specification "SIE filformat", version 4C."""

"""One module a kind of file. Each writes the tree of `bokslut.report.document`; none asks the marts."""

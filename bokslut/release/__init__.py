"""Releases: build aside, audit, seal, publish by one symlink, and what is asked of a release afterwards."""

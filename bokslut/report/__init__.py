"""The report: pages in Evidence-style Markdown become one document, and the document becomes files.

pages and tags read what authors write; queries asks the marts; render builds the document; writers write it.
"""

"""The quarterly report: content, charts, pages to print, publication."""

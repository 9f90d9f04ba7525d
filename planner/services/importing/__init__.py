"""Importing accounts from a file: reading, planning, previewing, writing, undoing."""

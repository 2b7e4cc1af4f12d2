"""Versions of a workbook: what changed between two, and three-way merge of any number of edited copies. Pure; rows by key, cell by cell."""

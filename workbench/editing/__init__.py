"""Edit xlsx and xlsm files and lose nothing: only the bytes of the named cells change, every other part is copied as it is.

It knows nothing of what the workbooks are for, and uses the standard library only.
"""

"""Documents of word processors and PDF -> their plain text: one module for every form.

The libraries come with the optional extra ``documents``; without it a document is skipped, and
the reason names what to install.
"""

"""Figures and cases in the words and tables that commands and panels share."""

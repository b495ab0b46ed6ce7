"""The maker's dossier: the standard template, the calculation file, formal review."""

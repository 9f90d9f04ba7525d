"""This installation: settings, audit log, backups, the overview."""

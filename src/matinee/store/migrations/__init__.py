"""Changes of the tables, one numbered file each, run by `matinee.store.migrate`."""

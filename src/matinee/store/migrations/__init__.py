"""How the tables came to be, one numbered file a change, run by `matinee.store.migrate`."""

"""Downloads, archives and the cache of data sets."""

"""One file per change of the tables; applied once and never edited afterwards."""

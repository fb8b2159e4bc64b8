"""One file a change of the tables; each is applied once and never edited afterwards."""

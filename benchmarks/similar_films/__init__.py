"""Lists of similar films, measured by series, tags, seasons and 100 films judged by hand."""

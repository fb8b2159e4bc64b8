"""Similar films, judged: parts of a series, viewers' tags, seasons, and 100 films judged by hand."""

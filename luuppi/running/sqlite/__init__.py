"""Django's SQLite backend with one addition: whoever writes takes a file lock first."""

"""How dates and times are written in a language where Django writes them otherwise (FORMAT_MODULE_PATH)."""

"""The look: base templates, parts, charts, words and numbers in the reader's language. Start with README.md."""

"""Texts in Finnish, Swedish and English: plain functions on texts and lists of texts, without Django or a database.

Import the subject, not the package: `from luuppi.language import coding`. Dictionaries and heavy libraries are loaded by the call that needs
them; languages are told as "fi", "sv" or "en".

    detecting     which language a comment is in
    masking       which parts of it are personal data, and the text without them
    likeness      which comments say the same
    theming       what the comments speak of, before anybody has sorted them
    coding        which of one's own themes each comment belongs to; which comment to sort next
    sentiment     praise or complaint
    rising        what is said more often than before
    advising      what a draft of an answer lacks
    urgency       how soon somebody must look at a message

The other modules are the parts they are made of. Pages with examples: docs/methods; begin with docs/methods/notebook.md.
"""

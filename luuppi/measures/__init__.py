"""Numbers of the house: plain functions on lists, numpy arrays and frames, without Django or a database.

Import the subject, not the package: `from luuppi.measures import scores`. Heavy libraries are loaded by the call that needs them.

    scores        NPS, CSAT, CES and means with intervals; how many answers are needed; when a figure may be shown
    shrinkage     which team or touchpoint surely differs from the others
    change        has this unit truly changed, week by week
    drivers       what moves the score: questions, or themes in NPS points
    effects       did a change help, against what was left as it was; adjusting makes it sharper
    silence       whose silence is unusual for them; how long contract customers stay
    experience    how those feel who did not say
    nonresponse   the score, had everybody answered
    asking        is it worth asking this customer now
    tolerance     from which wait on customers suffer, and when they hang up
    arrivals      contacts of the next weeks
    staffing      how many people a queue needs
    weighing      which of many counts clearly stand out

Every estimated figure has value, low, high and n; a value of None comes with why_silent or too small an n. The other modules are the parts
they are made of. Pages with examples: docs/methods; begin with docs/methods/notebook.md.
"""

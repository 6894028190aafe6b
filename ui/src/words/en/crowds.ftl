# Pictures of crowds at events in public places, where nobody is named.
crowds-title = Pictures of events
crowds-lead = Crowds at events in public places, such as a summer fair in a park.
crowds-add = Add a picture of an event
crowds-empty = No pictures of events yet
crowds-empty-text = Pictures of a crowd at an event in a public place belong here. Pictures from a session belong to the session. Whoever a picture is about is asked first.
crowd-named = A crowd: nobody is named
crowd-event = Event and place
crowd-of = Picture of a crowd: { $place }
crowd-open = See the picture of a crowd: { $place }, { $date }
crowd-may = May be used wherever we show pictures

crowds-add-lead = Only from an event in a public place. Never from a session or one of our centres.
crowds-place = Which event, and where?
crowds-place-hint = Such as: The summer fair in Mill Park. No names of people.
crowds-caption = What it shows
crowds-caption-hint = What is going on. No names.
crowds-declared = The place is public, and nobody stands out: the picture is not about any one person.
crowds-declared-hint = Does somebody stand out? Cover them. Or ask them first, and keep the picture on their family’s page.
crowds-problem-place = Say which event it was, and where
crowds-problem-declared = Tick that the place is public and nobody stands out. If that is not so, the picture does not belong here
crowds-problem-date = The picture seems to be from later than now. Check this computer’s clock

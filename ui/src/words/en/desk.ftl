# The search and the desk.
search-label = Find a family
search-placeholder = Name, end of phone number, postcode, birth date
search-hits = Families found
search-none = Nobody found. Try fewer letters, the end of a phone number or a birth date.
search-more = There are more. Type a little more of the name.
search-newcomer = Register a newcomer
search-count = { $count ->
    [0] Nobody found
    [one] 1 family found
   *[other] { $count } families found
  }
tier-here-or-expected = Here or expected today
tier-this-centre = This centre
tier-rest = Elsewhere in the county
tier-other = Others
hit-here = Here
hit-phone = phone ending { $tail }
hit-last = last came { $date }

desk-title = Today
desk-sessions = Sessions
desk-no-sessions = No sessions today
desk-no-sessions-text = You can still look up families and register newcomers.
desk-places-left = { $count ->
    [0] Full
    [one] 1 place left
   *[other] { $count } places left
  }
desk-over = { $count } over
desk-counts = { $adults ->
    [one] 1 adult
   *[other] { $adults } adults
  }, { $children ->
    [one] 1 child
   *[other] { $children } children
  }, { $babies ->
    [one] 1 baby
   *[other] { $babies } babies
  }
desk-nobody-yet = Nobody yet
desk-nobody-came = Nobody came
desk-running = On now
desk-over-now = Ended
desk-never-photograph = Never photograph
desk-drop-off = Drop-off
desk-here = Who is here
desk-nobody = Nobody is signed in
desk-nobody-text = Type part of a name above; Enter opens the family, Enter again signs them in.
desk-arrived = in { $time }
desk-sign-out = Sign out
desk-sign-out-who = Sign out { $names }
desk-newcomer = Register a newcomer

signed-in = { $names } signed in
signed-in-undo = Undo signing in
signed-out = { $names } signed out
signed-out-undo = Undo signing out
undone = Undone

leave-title = Who is leaving?
leave-some = Only some
leave-some-of = of { $names }
leave-go = { $count ->
    [0] Tick who is leaving
    [one] Sign out 1 person
   *[other] Sign out { $count } people
  }

collect-title = Who is collecting?
collect-legend = Collected by
collect-not-listed = Somebody who is not listed
collect-not-listed-hint = Call the manager before the child leaves
collect-go = Sign out

loading = Reading

# Words that the parts themselves say.
field-optional = (optional)
field-error = Error:
problems-title = There is something to put right
password-show = Show password
date-hint = Such as 3/4/24 or 3 apr 24
close = Close
cancel = Cancel
save = Save
back = Back
change = Change
yes = Yes
no = No
toasts = What just happened
table-filter = Show only rows with
table-none = Nothing to show.
signature-clear = Clear and sign again
signature-drawn = Signature drawn.
keys-title = Keys
keys-enter = Enter does the main thing on a page. Tab moves on, Shift and Tab move back.

since-now = just now
since-minutes = { $count ->
    [one] 1 minute ago
   *[other] { $count } minutes ago
  }
since-hours = { $count ->
    [one] 1 hour ago
   *[other] { $count } hours ago
  }
since-days = { $count ->
    [one] yesterday
   *[other] { $count } days ago
  }
lasting-minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
  }
lasting-hours = { $count ->
    [one] 1 hour
   *[other] { $count } hours
  }
lasting-days = { $count ->
    [one] 1 day
   *[other] { $count } days
  }

age-months = { $months } m
age-years = { $years } y
age-both = { $years } y { $months } m

mark-allergy = Allergy
mark-no-photos = No pictures
mark-details-to-confirm = Check details
mark-protected = Protected
mark-message = Message
mark-other = See note

discard = { $what ->
    [picture] Throw away this picture?
   *[words] Throw away what you wrote?
  }
discard-go = Throw it away
discard-not = { $what ->
    [picture] Go on
   *[words] Go on writing
  }

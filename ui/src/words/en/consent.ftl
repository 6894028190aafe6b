# Permissions on a family's page.
consent-ask = Ask for consent
consent-history = History
consent-history-of = History of { $name }
consent-withdraw = Withdraw
consent-withdraw-for = { $purpose }, { $name }
consent-nobody = Nobody has been asked yet
consent-nobody-text = Without a yes in writing, no picture and no quote of this family can be kept.
consent-decided = { $name }, { $date }
consent-granted = Yes: { $places }
consent-refused = No: { $places }
consent-not-asked = Nobody asked about this yet

consent-state-none = Not asked
consent-state-yes = Yes
consent-state-some = Some places
consent-state-no = No
consent-state-other = Not asked

channel-centre-display = Walls and screens in centres
channel-council-website = The council’s website
channel-social-media = { $name }
channel-print = Leaflets and posters
channel-press = Newspapers, radio and television
channel-partner = { $name }, a partner
channel-own-record = The child’s own record
channel-email = E-mail
channel-text = Text message
channel-post = Post
channel-phone = Phone

history-empty = Nothing has been decided or withdrawn yet.
history-decision = { $name } decided
history-withdrawal = { $name } withdrew permission
history-authority = { $name } may decide: recorded
history-themself = { $name } may decide for themself: recorded
history-authority-end = { $name } may no longer decide: recorded
history-disputed = Whether { $name } may decide is in dispute: recorded
history-reported = { $name } withdrew permission: reported, not checked
history-upheld = A withdrawal that was reported counts
history-upheld-by-county = A withdrawal that was reported counts: nobody had decided in time
history-dismissed = A withdrawal that was reported does not count
history-misrecording = What { $name } decided was recorded by mistake
history-expiry = What { $name } decided has run out
history-other = { $name }
history-somebody = Somebody
history-taken-by = Taken by { $name }
history-recorded-by = Recorded by { $name }
history-by-county = By the county
history-report-waits = Waits for a manager
history-report-upheld = Counts
history-report-dismissed = Does not count
history-report-other = Reported
history-mistaken = By mistake
history-mistaken-text = Neither its yes nor its no counts.
history-in-dispute = In dispute
history-in-dispute-text = Their no counts, their yes does not.
history-ground-mother = As the mother
history-ground-father-married-or-registered = As the father: married to the mother, or on the birth certificate
history-ground-court-order = Under a court order
history-ground-agreement = Under a parental responsibility agreement
history-ground-guardian = As the guardian
history-ground-local-authority = For the local authority, under a care order
history-ground-delegated = With written permission from somebody who may decide
history-ground-understands = Judged to understand
history-ground-other = For another reason
history-understands = Judged to understand: { $why }
history-until = Last day: { $date }
history-why = Why: { $why }
history-taken-back = Taken back: { $places }
history-everywhere = Taken back: all places

withdraw-title = Withdraw permission
withdraw-about = { $purpose }, { $name }
withdraw-by = Who withdraws it?
withdraw-how = How do you know it is them?
withdraw-how-in-person = They are here with me
withdraw-how-identity-checked = I have checked who they are
withdraw-how-identity-checked-hint = On the phone or in a message, with questions only they can answer
withdraw-how-reported = I could not check who it is
withdraw-how-reported-hint = Somebody called, wrote or passed it on. A manager finds out and decides
withdraw-by-reported = Who is said to withdraw it?
withdraw-by-other = Somebody else, or not known
withdraw-extent = What for?
withdraw-extent-all = Everything they said yes to
withdraw-extent-some = Only some places
withdraw-channels = Which places?
withdraw-means = What happens now
withdraw-means-all = { $what ->
    [words] Everything that { $name } said and that is kept as a quote is removed for good from this device, and from all others as soon as they are in touch. Published quotes have to be taken down.
   *[picture] Every picture that shows { $name } is removed for good from this device, and from all others as soon as they are in touch. Published ones have to be taken down.
  }
withdraw-means-some = { $what ->
    [words] The words of { $name } may no longer be used in these places. A quote that may then be used nowhere is removed for good from every device.
   *[picture] { $name } may no longer be shown in these places. A picture that may then be used nowhere is removed for good from every device.
  }
withdraw-means-other = This use of { $name }’s information stops at once, on every device.
withdraw-means-forever = { $what ->
    [words] A new yes later does not bring removed quotes back.
   *[picture] A new yes later does not bring removed pictures back.
  }
withdraw-going = { $what ->
    [words] { $count ->
        [0] No quote on this device goes.
        [one] 1 quote on this device goes:
       *[other] { $count } quotes on this device go:
      }
   *[picture] { $count ->
        [0] No picture on this device goes.
        [one] 1 picture on this device goes:
       *[other] { $count } pictures on this device go:
      }
  }
withdraw-going-photo = { $names }, { $date }
withdraw-going-hidden = { $what ->
    [words] { $count ->
        [one] 1 more is of somebody whom only a manager may see.
       *[other] { $count } more are of somebody whom only a manager may see.
      }
   *[picture] { $count ->
        [one] 1 more shows somebody whom only a manager may see.
       *[other] { $count } more show somebody whom only a manager may see.
      }
  }
withdraw-comes-down = { $what ->
    [words] Quotes of { $name } are in use. They have to come down by { $date }:
   *[picture] Pictures of { $name } are in use. They have to come down by { $date }:
  }
withdraw-comes-down-place = { $channel }: { $place }
withdraw-going-others = Others are shown, too. To keep a picture for them, first open Pictures and make a new one without { $name }.
report-means-all = { $what ->
    [words] Everything that { $name } said and that is kept as a quote is hidden at once, on this device and on all others as soon as they are in touch. Nothing is deleted yet.
   *[picture] Every picture that shows { $name } is hidden at once, on this device and on all others as soon as they are in touch. Nothing is deleted yet.
  }
report-means-some = { $what ->
    [words] The words of { $name } may no longer be used in these places. A quote that may then be used nowhere is hidden at once, on every device. Nothing is deleted yet.
   *[picture] { $name } may no longer be shown in these places. A picture that may then be used nowhere is hidden at once, on every device. Nothing is deleted yet.
  }
report-means-later = { $what ->
    [words] A manager decides whether it counts. If nobody has decided after 5 working days, the hidden quotes are removed.
   *[picture] A manager decides whether it counts. If nobody has decided after 5 working days, the hidden pictures are removed.
  }
report-means-later-other = A manager decides whether it counts. If nobody has decided after 5 working days, it counts.
report-hides = { $what ->
    [words] { $count ->
        [0] No quote on this device is hidden.
        [one] 1 quote on this device is hidden:
       *[other] { $count } quotes on this device are hidden:
      }
   *[picture] { $count ->
        [0] No picture on this device is hidden.
        [one] 1 picture on this device is hidden:
       *[other] { $count } pictures on this device are hidden:
      }
  }
report-go = Stop the use and tell a manager
report-go-content = { $what ->
    [words] Hide quotes and tell a manager
   *[picture] Hide pictures and tell a manager
  }
withdraw-go = Withdraw
withdraw-go-content = { $what ->
    [words] Withdraw and remove quotes
   *[picture] Withdraw and remove pictures
  }
withdraw-problem-by = Choose who withdraws it
withdraw-problem-how = Say how you know it is them
withdraw-problem-extent = Choose what it is withdrawn for
withdraw-problem-channels = Tick at least one place
withdrawn-title = Permission withdrawn
withdrawn-photos = { $what ->
    [words] { $count ->
        [0] No stored quote had to be removed.
        [one] 1 quote was removed from this device. It goes from the others when they are next in touch.
       *[other] { $count } quotes were removed from this device. They go from the others when they are next in touch.
      }
    [both] { $count ->
        [0] No stored picture or quote had to be removed.
        [one] 1 picture or quote was removed from this device. It goes from the others when they are next in touch.
       *[other] { $count } pictures or quotes were removed from this device. They go from the others when they are next in touch.
      }
   *[picture] { $count ->
        [0] No stored picture had to be removed.
        [one] 1 picture was removed from this device. It goes from the others when they are next in touch.
       *[other] { $count } pictures were removed from this device. They go from the others when they are next in touch.
      }
  }
withdrawn-done = Done

reported-done-title = A manager will decide
reported-done = { $what ->
    [words] The quotes that it is about are hidden now. Nothing was deleted.
   *[picture] The pictures that it is about are hidden now. Nothing was deleted.
  }
reported-until = A manager decides by { $date }. If nobody has decided by then, they are removed.
reported-until-other = A manager decides by { $date }. If nobody has decided by then, it counts.
reported-title = Reported withdrawals
reported-lead = Somebody took permission back, and the desk could not check who it was. Find out, for example by calling the family on the number that is kept. Until you decide, nothing more is used, and the pictures and quotes are hidden.
reported-none = Nothing waits for a decision
reported-none-text = When a withdrawal is reported and nobody could check who it was, it stands here.
reported-due = Decide by { $date }
reported-due-today = Decide today
reported-overdue = Overdue since { $date }
reported-by = { $name } is said to have asked
reported-by-nobody = It is not known who asked
reported-photos = { $what ->
    [words] { $count ->
        [0] No quote on this device rests on it
        [one] 1 quote on this device rests on it
       *[other] { $count } quotes on this device rest on it
      }
   *[picture] { $count ->
        [0] No picture on this device rests on it
        [one] 1 picture on this device rests on it
       *[other] { $count } pictures on this device rest on it
      }
  }
reported-family = Open the family
reported-waiting = { $count ->
    [one] 1 reported withdrawal waits for a decision
   *[other] { $count } reported withdrawals wait for a decision
  }
reported-waiting-until = { $count ->
    [one] It is due by { $date }.
   *[other] The first is due by { $date }.
  }
reported-waiting-late = { $count ->
    [one] 1 is overdue, since { $date }. Unless somebody decides, the county lets it count.
   *[other] { $count } are overdue, the first since { $date }. Unless somebody decides, the county lets them count.
  }
reported-open = Decide now

ruling-upheld = It counts
ruling-dismissed = It does not count
ruling-title-upheld = The withdrawal counts
ruling-title-dismissed = The withdrawal does not count
ruling-means-upheld = This use of { $name }’s information stays stopped, on every device.
ruling-means-upheld-content = { $what ->
    [words] { $count ->
        [0] No quote on this device rests on it. Those on other devices are removed for good as soon as they are in touch.
        [one] 1 quote on this device rests on it. If it may then be used nowhere, it is removed for good, here and on every device.
       *[other] { $count } quotes on this device rest on it. Those that may then be used nowhere are removed for good, here and on every device.
      }
   *[picture] { $count ->
        [0] No picture on this device rests on it. Those on other devices are removed for good as soon as they are in touch.
        [one] 1 picture on this device rests on it. If it may then be used nowhere, it is removed for good, here and on every device.
       *[other] { $count } pictures on this device rest on it. Those that may then be used nowhere are removed for good, here and on every device.
      }
  }
ruling-means-dismissed = The permission for { $name } is as it was before the report.
ruling-means-dismissed-content = { $what ->
    [words] Quotes that were hidden only because of it are shown again, and may be used again.
   *[picture] Pictures that were hidden only because of it are shown again, and may be used again.
  }
ruling-why = How do you know?
ruling-done-upheld = Recorded: it counts.
ruling-done-dismissed = Recorded: it does not count. What was hidden only because of it is back.
judge-why-hint = Practitioners, managers, safeguarding and data protection can read it
judge-problem-why = Say why

misrecorded-open = Recorded by mistake…
misrecorded-title = Recorded by mistake
misrecorded-which = { $purpose }: { $name } decided, { $date }
misrecorded-means = This decision counts no longer: neither its yes nor its no.
misrecorded-means-content = { $what ->
    [words] Quotes that were stored under it are hidden until somebody decides about them.
   *[picture] Pictures that were stored under it are hidden until somebody decides about them.
  }
misrecorded-means-older = An older answer of the same person may count again.
misrecorded-means-older-no = { $what ->
    [words] If that is a no, quotes are removed.
   *[picture] If that is a no, pictures are removed.
  }
misrecorded-why = What shows that it was a mistake?
misrecorded-go = Record the mistake
misrecorded-done = Recorded: this decision counts no longer.

end-open = No longer decides…
end-title = Does { $adult } still decide?
end-themself = themself
end-who = { $adult } was recorded as deciding for { $child }.
end-kind = What has happened?
end-kind-ended = That has ended
end-kind-ended-hint = An order has ended, a permission was taken back, the child was adopted
end-kind-ended-hint-themself = It turned out that they do not understand it well enough
end-kind-disputed = That is in dispute
end-kind-disputed-hint = Somebody says they may not, and it is not settled
end-disputed-already = That is in dispute already. Here you record that it has ended.
end-seen = I have seen a document
end-seen-hint = A court order, a letter from the local authority
end-declared = Somebody told me
end-means-ended = What { $adult } decided for { $child } counts no longer: neither yes nor no.
end-means-disputed = What { $adult } decided for { $child } counts only where it is a no.
end-means-content = Pictures and quotes that rest on their yes are hidden until somebody decides about them.
end-problem-kind = Say what has happened
end-problem-evidence = Say how you know
end-go = Record it
end-done-ended = Recorded: { $adult } no longer decides for { $child }.
end-done-disputed = Recorded: it is in dispute whether { $adult } may decide for { $child }.

stops-open = Stops
stops-of = Stops for { $name }
stops-lead = A stop is a no over every yes. Only safeguarding leads can see it; to everybody else it looks like any other no.
stops-now = Stopped now
stops-none = Nothing is stopped.
stops-by = { $name }, { $date }
stops-reasons = Why
stops-sealed = There are reasons that this login has no key for.
stop-open = Stop a use…
stop-title = Stop a use: { $name }
stop-purposes = What is to stop?
stop-why = Why?
stop-why-hint = Sealed: only safeguarding leads can read it
stop-means = What you tick stops at once, whoever has said yes: here, and on other devices as soon as they are in touch.
stop-means-content = { $what ->
    [words] Everything that { $name } said and that is kept as a quote is removed for good. Ending the stop does not bring it back.
    [both] Every stored picture of that kind that shows { $name }, and everything that { $name } said and that is kept as a quote, is removed for good. Ending the stop does not bring it back.
   *[picture] Every stored picture of that kind that shows { $name } is removed for good. Ending the stop does not bring it back.
  }
stop-means-others = Nobody else sees that there is a stop, or why.
stop-problem-purposes = Tick what is to stop
stop-go = Stop it
stop-go-content = { $what ->
    [words] Stop it and remove quotes
    [both] Stop it and remove pictures and quotes
   *[picture] Stop it and remove pictures
  }
stop-done = Stopped for { $name }.
stop-end-open = End this stop…
stop-end-title = End a stop
stop-end-why = Why does it end?
stop-end-means = What was decided for { $name } counts again, from now on.
stop-end-means-removed = Pictures and quotes that were removed do not come back.
stop-end-go = End the stop
stop-end-done = The stop has ended.

receipt-open = Receipt
receipt-title = Receipt of consent
receipt-size = How large should the letters be?
receipt-size-normal = As usual, 12 point
receipt-size-large = Large print, 18 point
receipt-print = Print
receipt-save = Save as PDF
receipt-saved = Saved in { $folder } as “{ $file }”. It says who decided what: give it to that person, then delete it here.
receipt-now = { $name } has just decided
receipt-now-text = Offer a receipt now: on paper or as a file, also in large print. Its reference is { $reference }.
receipt-check = Check a receipt
receipt-check-title = Is a receipt genuine?
receipt-check-lead = At its end a receipt has a number and a code. By them we find what our records say, to compare with the paper. A file we compare for you.
receipt-check-number = Number
receipt-check-code = Code
receipt-check-code-hint = 64 letters and digits; spaces do not matter
receipt-check-go = Check
receipt-check-file = Check a file
receipt-outcome-genuine = Genuine
receipt-outcome-erased = Erased
receipt-outcome-differs = Does not match
receipt-outcome-unknown = Not found
receipt-outcome-other = Checked
receipt-means-genuine = Our records hold this decision. Compare its answers with the paper.
receipt-means-erased = The person it was about was erased, and the decision with them. For what is kept as proof, ask the data protection officer.
receipt-file-genuine = The file says what our records say.
receipt-means-differs = There is a decision with this number, but it says something else. If nothing was mistyped, tell the data protection officer.
receipt-means-unknown = This computer holds no decision with this number. It may be another centre’s, or it may be no receipt of ours.
receipt-means-other = Ask the data protection officer.
receipt-held-for = For { $name }: { $purpose }
receipt-decided-on = Decided on { $date }. { $state }
receipt-decided-by = Decided by { $name } on { $date }. { $state }
receipt-state-given = It counts.
receipt-state-renewed = It counts. There was a yes before.
receipt-state-refused = It says no to everything.
receipt-state-withdrawn = All of it was taken back since.
receipt-state-expired = Its time is over.
receipt-state-misrecorded = It was recorded by mistake and does not count.
receipt-state-other = Ask the data protection officer what became of it.
consent-export-records = Save records for other systems
consent-export-receipts = Save receipts for other systems
consent-exported = Saved in { $folder } as “{ $file }”. Take it to where it is needed, then delete it here.

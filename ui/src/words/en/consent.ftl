# Permissions on a family's page.
consent-ask = Ask for consent
consent-history = History
consent-history-of = History of { $name }
consent-withdraw = Withdraw
consent-withdraw-for = { $purpose }, { $name }
consent-nobody = Nobody has been asked yet
consent-nobody-text = Without a yes in writing, no picture of this family can be kept.
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
history-authority-end = { $name } may no longer decide: recorded
history-other = { $name }
history-taken-by = Taken by { $name }
history-taken-back = Taken back: { $places }
history-everywhere = Taken back: all places

withdraw-title = Withdraw permission
withdraw-about = { $purpose }, { $name }
withdraw-by = Who withdraws it?
withdraw-how = How do you know it is them?
withdraw-how-in-person = They are here with me
withdraw-how-identity-checked = I have checked who they are
withdraw-how-identity-checked-hint = On the phone or in a message, with questions only they can answer
withdraw-extent = What for?
withdraw-extent-all = Everything they said yes to
withdraw-extent-some = Only some places
withdraw-channels = Which places?
withdraw-means = What happens now
withdraw-means-all = Every picture that shows { $name } is removed for good from this device, and from all others as soon as they are in touch. Published ones have to be taken down.
withdraw-means-some = { $name } may no longer be shown in these places. A picture that may then be used nowhere is removed for good from every device.
withdraw-means-other = This use of { $name }’s information stops at once, on every device.
withdraw-means-forever = A new yes later does not bring removed pictures back.
withdraw-going = { $count ->
    [0] No picture on this device goes.
    [one] 1 picture on this device goes:
   *[other] { $count } pictures on this device go:
  }
withdraw-going-photo = { $names }, { $date }
withdraw-going-hidden = { $count ->
    [one] 1 more shows somebody whom only a manager may see.
   *[other] { $count } more show somebody whom only a manager may see.
  }
withdraw-going-others = Others are shown, too. To keep a picture for them, first open Pictures and make a new one without { $name }.
withdraw-go = Withdraw
withdraw-go-pictures = Withdraw and remove pictures
withdraw-problem-by = Choose who withdraws it
withdraw-problem-how = Say how you know it is them
withdraw-problem-extent = Choose what it is withdrawn for
withdraw-problem-channels = Tick at least one place
withdrawn-title = Permission withdrawn
withdrawn-photos = { $count ->
    [0] No stored picture had to be removed.
    [one] 1 picture was removed from this device. It goes from the others when they are next in touch.
   *[other] { $count } pictures were removed from this device. They go from the others when they are next in touch.
  }
withdrawn-done = Done

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

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

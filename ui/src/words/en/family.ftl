# Everything about a family, on one page.
member-role-parent-carer = Parent or carer
member-role-child = Child
member-role-expectant-parent = Expectant parent
member-role-grandparent = Grandparent
member-role-other-adult = Other adult
member-role-emergency-contact = Emergency contact
member-role-other = Member

family-protected = Protected
family-photos = Pictures
family-quotes = Quotes
family-concern = Write a concern
family-why = Hold to see why
family-no-address = No address kept
family-no-fixed-address = No fixed address

come-title = Who has come?
come-session = Session
come-none = No session today to sign in to.
come-everyone = Everyone is here.
come-go = { $count ->
    [0] Tick who has come
    [one] Sign in 1 person
   *[other] Sign in { $count } people
  }
come-here = Here now
come-ended = ended
come-toggle = Tick or untick the first (2 the second, and so on)

members-title = Family
members-edit = Edit { $name }
members-add = Add someone
members-born = born { $date }
members-due = due { $date }
members-known-as = known as { $name }
members-responsible = Parental responsibility
members-other-families = { $count ->
    [one] Also in another family
   *[other] Also in { $count } other families
  }
members-reach = Hold to see phone and e-mail
members-language = Speaks { $language }

permissions-title = Permissions
purpose-publicity-picture = Pictures in publicity
purpose-publicity-quote = Quotes in publicity
purpose-development-record = Pictures for the child’s own record
purpose-news-and-events = News and events
purpose-research-contact = Contact for research
purpose-other = Other

contact-title = Address and note
contact-edit = Edit address and note
contact-note = Note
contact-note-see = Hold to see the note

visits-title = Visits
visits-none = Not been yet
notices-title = Privacy notice
notices-none = Not shown yet
notices-due = Still to be shown the notice, or a newer one: { $names }
notices-due-shown = It was shown to { $names }
notices-due-done = That the notice was shown is kept
notices-read = Read it
notices-read-of = Read it: { $shown }
notices-shown = Version { $version } in { $language } shown to { $name }, { $date }

edit-title = Edit { $name }
edit-add-title = Add someone to the family
edit-saved = Saved
edit-kept = What was typed before is back. It is not saved yet.

concern-title = Write a concern
concern-lead = Only the safeguarding lead can read this, not even you once it is sent. If a child is in danger now, call first.
concern-about = About
concern-about-nobody = Nobody in particular
concern-text = What you saw or heard
concern-text-hint = Facts and the words that were used. Say what is your opinion.
concern-called = I have made the call
concern-send = Seal and send
concern-sent-title = Sealed
concern-sent = The safeguarding lead will see it. To speak to somebody now, call { $phone }.
concerns-title = Concerns
concerns-lead = Each reading is recorded.
concerns-none = No concerns are waiting
concerns-none-text = What staff write appears here once it has arrived.
concerns-about = About { $name }
concerns-by = { $name }, { $date }
concerns-call-made = Call made
concerns-no-call = No call made yet

form-given-name = First name
form-family-name = Family name
form-known-as = Known as
form-birth-date = Birth date
form-due-date = Baby due
form-phone = Phone
form-email = E-mail
form-nhs-number = NHS number
form-nhs-number-hint = Ten digits, in any spacing
form-language = Language spoken at home
form-allergies = Allergies
form-role = In the family
form-responsibility = Parental responsibility
form-responsibility-unknown = Not asked
form-address = Address
form-postcode = Postcode
form-postcode-hint = In any spacing
form-no-fixed-address = No fixed address
form-note = Note
form-note-hint = Short, and fit to be read by the family
form-more = More details
form-more-hint = can follow later
known-add = Add somebody already known
known-find = Find them
known-find-hint = Part of a name
known-legend = Who is it?
known-none = Nobody found
known-in = { $name }, in { $family }

# A hidden family is opened for a reason, which the audit keeps.
reason-title = This family is hidden
reason-lead = Few people may open it. That you did, and what for, is written down.
reason-legend = What do you open it for?
reason-missing = Choose what you open it for
reason-open = Open the family
reason-visit = They are here, or expected
reason-phone-call = They are on the phone
reason-safeguarding = Somebody’s safety
reason-correction = To put their record right
reason-rights-request = They ask about their data rights

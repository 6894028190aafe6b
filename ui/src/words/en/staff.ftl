# Logins and the record of use.
staff-title = Logins
staff-lead = Each person has their own. A new login starts with a code that works once.
staff-table = Logins on this computer
staff-name = Name
staff-role = Role
staff-state = State
staff-does = What can be done
staff-active = Works
staff-invited = Has a code
staff-blocked = Blocked
staff-invite = Make a login
staff-invite-title = Make a login
staff-invite-go = Make the code
staff-new-code = New code
staff-new-code-for = New code for { $name }
staff-reset-text = The old password stops working once the code is used. Their unsent work is kept.
staff-code-title = Code for { $name }
staff-code-text = Read it out or write it down now: it is not shown again. It works once, until { $when }.

recovery-title = Recovery code
recovery-lead = If the last person who can make logins loses their password, this code gets a manager back in, with all unsent work.
recovery-there = There is one. It was made { $when }.
recovery-none = There is none. If the last manager’s password is lost, this computer must be set up anew and its unsent work is lost.
recovery-what = The code is shown once. Print it, put it in an envelope, seal the envelope and lock it away, not beside this computer. It makes one manager’s login, works once, and reads no concerns. Every use is in the record of use.
recovery-open = Recovery code
recovery-make = Make a recovery code
recovery-make-again = Make a new one; the old one stops working
recovery-sheet = Porch recovery code for { $device }
recovery-made = Made { $when }. Older codes no longer work.
recovery-how = On the page where you choose your name, choose “Use the recovery code” and type it in. It works once, on this computer only.
recovery-once = It is not shown again. Print it, or write it down, before you leave this page.
recovery-print = Print
recovery-done = I have it on paper

idle-title = Locking by itself
idle-lead = When nobody touches this computer, it locks itself. Choose less time where visitors pass by.
idle-minutes = Lock after
idle-choice = { $minutes ->
    [one] 1 minute
   *[other] { $minutes } minutes
  }
idle-kept = Saved for this computer

audit-title = Record of use
audit-lead = Every view and change, in a chain that shows when it was tampered with.
audit-whole = { $count ->
    [one] The chain is whole: 1 link checked.
   *[other] The chain is whole: { $count } links checked.
  }
audit-broken = The chain breaks at number { $number }
audit-broken-what = This link and what follows cannot be trusted. Tell the data protection officer today, and do not use this computer for anything else until they say so.
audit-table = Entries, newest first
audit-number = No.
audit-when = When
audit-who = Who
audit-what = What
audit-record = Record
audit-fields = Fields
audit-more = Older entries
audit-loaded = { $count ->
    [one] Showing and sorting go by the one entry read so far. “Older entries” reads more.
   *[other] Showing and sorting go by the { $count } entries read so far. “Older entries” reads more.
  }
audit-deed = { $deed }: { $purpose }
deed-saw = Saw
deed-changed = Changed
deed-searched = Searched
deed-logged-in = Logged in
deed-logged-out = Logged out
deed-invited = Gave a code
deed-recovered = Came in with the recovery code
deed-handed-over = Handed over the tablet
deed-took-back = Took the tablet back
deed-disclosed = Gave out a file
deed-enrolled = Set up the computer
deed-other = Did

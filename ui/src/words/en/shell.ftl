# The frame around every screen.
product = Porch
skip-to-content = Skip to the page
header-label = Porch
nav-desk = Today
nav-staff = Logins
nav-audit = Record of use
nav-concerns = Concerns
nav-reported = Reported withdrawals
nav-publications = Pictures and quotes in use
nav-quotes = Quotes
nav-crowds = Pictures of events

login-as = { $name }, { $role }
login-menu = Your login
lock = Lock
log-out = Log out
look-density = Room
look-density-desk = Desk
look-density-hall = Hall
look-scheme = Colours
look-scheme-system = As the computer
look-scheme-light = Light
look-scheme-dark = Dark
look-text = Text size
look-text-value = { $percent } %

role-reception = Reception
role-outreach = Outreach
role-practitioner = Practitioner
role-manager = Centre manager
role-safeguarding = Safeguarding lead
role-data-protection = Data protection
role-county-it = County IT
role-helper = Helper
role-other = Staff

sync-all-sent = All sent
sync-unsent = { $count ->
    [one] 1 change only here
   *[other] { $count } changes only here
  }
sync-new-code = New code from county IT
sync-enrol-again = Send everything again
sync-last = Last sent { $when }
sync-never = Not sent to the county yet
sync-idle = In touch with the county
sync-working = Sending
sync-offline = Working offline
sync-attention = Needs a look
sync-now = Send now
sync-title = This device and the county
sync-offline-why = There is no connection to the county just now. Everything works; changes wait here, safe, and go by themselves.
sync-set-aside = { $count ->
    [one] 1 record that arrived was refused by the consent rule. The safeguarding lead can see it.
   *[other] { $count } records that arrived were refused by the consent rule. The safeguarding lead can see them.
  }
sync-kept-aside = { $count ->
    [one] The county did not take in 1 record from this computer. It is kept here and there. Ask county IT to look at it.
   *[other] The county did not take in { $count } records from this computer. They are kept here and there. Ask county IT to look at them.
  }
sync-conflicts = { $count ->
    [one] 1 change was made in two places at once. A manager decides which holds.
   *[other] { $count } changes were made in two places at once. A manager decides which holds.
  }
sync-clock-ahead = This computer’s clock is { $by } ahead. Ask county IT to set it.
sync-clock-behind = This computer’s clock is { $by } behind. Ask county IT to set it.
audit-broken-title = The record of use has been tampered with
audit-broken-text = A link in the chain does not fit. Tell the data protection officer today.
audit-broken-see = See where

password-only = Passwords only
password-only-text = This computer has no keyring: only the passwords protect its records.

keys-search = Find a family
keys-lock = Lock the screen
keys-pin-or-password = PIN or password
keys-help = This list
keys-back = Go back
keys-undo = Undo the last thing
keys-register = Register a newcomer
keys-today = Today
keys-reported = Reported withdrawals
keys-publications = Pictures and quotes in use
keys-quotes = Quotes
keys-crowds = Pictures of events
help = Keys

locked-title = Locked
locked-text = { $name } is logged in. Enter the password to go on.
locked-text-pin = { $name } is logged in. Enter the PIN to go on.
locked-use-password = Use the password
locked-use-pin = Use the PIN
locked-pin-gone = The PIN is gone after five wrong tries. Enter the password.
locked-other = Somebody else? Log { $name } out
locked-hidden = Everything is kept as it was.
unlock = Unlock
lost-title = Porch has lost touch with its core
lost-text = Nothing is lost. Porch tries again by itself; if this stays, start it again.
lost-again = Try now
starting = Opening
password-change = Change your password
password-old = Password now
password-changed = Password changed

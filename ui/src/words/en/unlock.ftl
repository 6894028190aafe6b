# Coming in: first run, choosing a name, the password.
unlock-title = Who is at the desk?
unlock-lead = Choose your name, then enter your password.
unlock-none-title = No logins on this computer yet
unlock-none-text = Ask the centre manager to make one for you.
unlock-password = Password
unlock-in = Log in
unlock-other-person = Somebody else
unlock-invited = Has a code
unlock-by-code = I have a one-time code
unlock-blocked = Blocked
unlock-blocked-text = { $name }’s login is blocked after too many wrong passwords. A centre manager can give a new code, even offline.
unlock-slowed = Too many tries. You can try again in { $seconds ->
    [one] 1 second
   *[other] { $seconds } seconds
  }.
invited-title = Welcome, { $name }
invited-lead = The manager gave you a code. Enter it, and choose a password that only you know.
invited-code = Code
invited-code-hint = Capitals and spaces do not matter
password-new = New password
password-new-hint = At least 12 characters. Three words you can remember do well.
password-again = The same password again
password-differs = The two passwords are not the same
invited-in = Start

recover-offer = Nobody who makes logins can log in? Use the recovery code
recover-title = Come in with the recovery code
recover-lead = It is printed and lies in a sealed envelope. It makes one new login for a centre manager and is used up by it. All records and unsent work stay.
recover-code = Recovery code
recover-code-hint = Seven groups of four. Capitals and spaces do not matter.
recover-go = Make the login
recover-back = Back to the names

pin = PIN
pin-title = PIN for this shift
pin-lead = After locking the screen you can unlock it with the PIN, until you log out. Concerns and logins still ask for your password.
pin-hint = 4 to 8 digits; not a run such as 1234
pin-again = The same PIN again
pin-differs = The two PINs are not the same
pin-chosen = The PIN holds until you log out
pin-forget = Forget the PIN
pin-forgotten = PIN forgotten
needs-password-title = You came back with the PIN
needs-password-text = Locking the screen put this login’s keys away. Your password brings them back.
needs-password-go = Go on

unusable-title = Porch cannot open its records
unusable-keyring-title = This computer’s keyring is not there
unusable-again = Try again
unusable-safe = Nothing has been lost or changed.

setup-title = Set up this computer
setup-lead = Once only. It takes about two minutes, and needs a connection to the county.
setup-server = County server
setup-server-hint = The address that county IT gave you, such as https://porch.county.example
setup-certificate = County certificate
setup-certificate-hint = Choose the file that county IT gave you, or paste its text
setup-certificate-file = Choose a file
setup-code = Code for this computer
setup-code-hint = One use only; from county IT
setup-device = Name of this computer
setup-device-hint = What people call it, such as Front desk or Hall tablet
setup-you = Your own login
setup-you-lead = You are the first manager here. You can make logins for the others afterwards.
setup-name = Your name
setup-go = Set up
setup-working = Talking to the county and making the keys
setup-no-keyring-title = Without a keyring the password is all that protects this computer
setup-no-keyring-text = It is better to have county IT turn on the keyring. Without one, whoever has a copy of the files and a password can open the records somewhere else, and Porch will always show that it is so.
setup-password-only = Set this computer up with passwords only
setup-password-only-hint = Only if county IT has said so
